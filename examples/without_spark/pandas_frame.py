"""A pandas frame of the newest value of every point, read from Kafka itself: the key tells the points apart.

  pip install pandas confluent-kafka
  python3 pandas_frame.py localhost:9092 openelectricity.market.5m.v1 [--out OUT.csv]

A topic of Avro: with `--registry http://localhost:8080/apis/ccompat/v7`, and fastavro.
"""

import argparse
import json

import pandas as pd
from confluent_consumer import committed_records

parser = argparse.ArgumentParser()
parser.add_argument("bootstrap")
parser.add_argument("topic")
parser.add_argument("--registry")
parser.add_argument("--out")
asked = parser.parse_args()

if asked.registry:
    from avro_consumer import avro_records

    found = avro_records(asked.bootstrap, asked.topic, asked.registry)
else:
    found = ((key, json.loads(value)) for key, value in committed_records(asked.bootstrap, asked.topic))
records = pd.DataFrame([{"key": key, **record} for key, record in found])
newest = records.sort_values("version").drop_duplicates("key", keep="last")
newest = newest.assign(interval=pd.to_datetime(newest["interval"], utc=True))
if asked.out:
    newest[["interval", "network_code", "network_region", "metric", "value"]].to_csv(asked.out, index=False)
else:
    print(newest.groupby(["network_code", "network_region", "metric"])["value"].agg(["count", "mean"]))
