"""A Polars frame of the newest value of every point.

  pip install polars
  openelectricity-stream tail --from earliest --to-end --format json | python3 polars_frame.py [OUT.csv]

`tail` reads committed records alone.
"""

import sys

import polars as pl

# What a record's key is made of (docs/records.md, section 2), as far as this stream has it.
POINT = ["network_code", "interval_size", "metric", "network_region", "fueltech_group", "fueltech", "status", "renewable", "unit_code",
         "facility_code", "interval"]

records = pl.read_ndjson(sys.stdin.buffer.read(), infer_schema_length=None)
newest = (records.sort("version").unique([name for name in POINT if name in records.columns], keep="last")
          .with_columns(pl.col("interval").str.to_datetime("%Y-%m-%dT%H:%M:%S%:z", time_zone="UTC")))
if len(sys.argv) > 1:
    newest.select("interval", "network_code", "network_region", "metric", "value").write_csv(sys.argv[1])
else:
    print(newest.group_by("network_code", "network_region", "metric").agg(pl.len().alias("points"), pl.col("value").mean()).sort(pl.all()))
