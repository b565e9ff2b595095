"""A pandas frame of the newest value of every point, a row a number, read from Kafka itself: the key tells the points apart.

  pip install pandas confluent-kafka
  python3 pandas_frame.py localhost:9092 openelectricity.market.5m.v1 [--out OUT.csv]

Any topic of data will do, long or wide; of a wide record each column that has a number becomes a row. A topic of Avro: with
`--registry http://localhost:8080/apis/ccompat/v7`, and fastavro.
"""

import argparse
import json
import sys

import pandas as pd
from confluent_consumer import committed_records, of_json

# Of the labels of a series those that the topic has.
LABELS = ["network_region", "fueltech_group", "fueltech", "status", "renewable", "unit_code", "facility_code"]
NO_METRIC = ["value", "revision", "version"]

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
    found = ((key, json.loads(of_json(value))) for key, value in committed_records(asked.bootstrap, asked.topic))
records = pd.DataFrame([{"key": key, "metric": None, "value": None, **record} for key, record in found])
if "interval" not in records:
    sys.exit(f"{asked.topic} has {'other records than data' if len(records) else 'no records yet'}")
# With `record.key: series` all points of a series have one key.
newest = records.sort_values("version").drop_duplicates(["key", "interval"], keep="last")
newest = newest.assign(interval=pd.to_datetime(newest["interval"], utc=True))

labels = ["network_code", "interval_size", *(name for name in LABELS if name in newest and newest[name].notna().any())]
place = ["interval", *labels]
metrics = [name for name in newest.select_dtypes("number") if name not in NO_METRIC]
is_wide = newest["metric"].isna()
numbers = newest.loc[~is_wide, [*place, "metric", "value"]]
if is_wide.any():
    columns = newest[is_wide].drop(columns=["metric", "value"]).melt(place, metrics, "metric", "value").dropna(subset=["value"])
    numbers = pd.concat([one for one in (numbers, columns) if len(one)] or [numbers])

if asked.out:
    numbers.to_csv(asked.out, index=False)
else:
    print(numbers.assign(value=numbers["value"].astype(float)).groupby([*labels, "metric"], dropna=False)["value"].agg(["count", "mean"]))
