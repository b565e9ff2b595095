"""A pandas frame of the newest value of every point, read from Kafka itself: the key tells the points apart.

  pip install pandas confluent-kafka
  python3 pandas_frame.py localhost:9092 openelectricity.market.5m.v1 [OUT.csv]
"""

import json
import sys

import pandas as pd
from confluent_consumer import committed_records

bootstrap, topic, *out = sys.argv[1:]
records = pd.DataFrame([{"key": key, **json.loads(value)} for key, value in committed_records(bootstrap, topic)])
newest = records.sort_values("version").drop_duplicates("key", keep="last")
newest = newest.assign(interval=pd.to_datetime(newest["interval"], utc=True))
if out:
    newest[["interval", "network_code", "network_region", "metric", "value"]].to_csv(out[0], index=False)
else:
    print(newest.groupby(["network_code", "network_region", "metric"])["value"].agg(["count", "mean"]))
