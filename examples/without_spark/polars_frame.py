"""A Polars frame of the newest value of every point, a row a number.

  pip install polars
  openelectricity-stream tail --from earliest --to-end --format json | python3 polars_frame.py [OUT.csv]

`tail` reads committed records alone. Long and wide records will do; of a wide one each column that has a number becomes a row.
"""

import sys

import polars as pl

# Of the labels of a series those that these records have.
LABELS = ["network_region", "fueltech_group", "fueltech", "status", "renewable", "unit_code", "facility_code", "extra"]
NO_METRIC = ["value", "revision", "version"]

given = sys.stdin.buffer.read()
records = pl.read_ndjson(given, infer_schema_length=None) if given.strip() else pl.DataFrame()
if "interval" not in records.columns:
    sys.exit("these are no records of data: give tail a stream, or its topic" if len(records) else "there are no records yet")
# Labels that are newer than the release of the daemon: an object, here its text.
if isinstance(records.schema.get("extra"), pl.Struct):
    records = records.with_columns(pl.when(pl.col("extra").is_not_null()).then(pl.col("extra").struct.json_encode()).alias("extra"))
metrics = [name for name, kind in records.schema.items() if kind.is_numeric() and name not in NO_METRIC]
# What all records of a kind lack is null.
records = records.with_columns(pl.lit(None, kind).alias(name) for name, kind in (("metric", pl.String), ("value", pl.Float64))
                               if name not in records.columns)
labels = ["network_code", "interval_size", *(name for name in LABELS if name in records.columns)]

# What a record's key is made of (docs/records.md, section 2). A wide record names no metric: those of two streams are told apart
# by the stream.
of_wide = pl.when(pl.col("metric").is_null()).then(pl.col("stream")).alias("of_wide")
newest = (records.with_columns(of_wide).sort("version").unique([*labels, "metric", "of_wide", "interval"], keep="last")
          .with_columns(pl.col("interval").str.to_datetime("%Y-%m-%dT%H:%M:%S%:z", time_zone="UTC"),
                        pl.col("value", *metrics).cast(pl.Float64)))
place = ["interval", *labels, "metric", "value"]
numbers = newest.filter(pl.col("metric").is_not_null()).select(place)
wide = newest.filter(pl.col("metric").is_null()).drop("metric", "value")
if len(wide) and metrics:
    columns = wide.unpivot(metrics, index=["interval", *labels], variable_name="metric", value_name="value")
    numbers = pl.concat([numbers, columns.drop_nulls("value").select(place)])

if len(sys.argv) > 1:
    numbers.write_csv(sys.argv[1])
else:
    print(numbers.group_by(*labels, "metric").agg(pl.len().alias("points"), pl.col("value").mean()).sort(*labels, "metric"))
