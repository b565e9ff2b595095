"""The newest record of each point."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def newest(records: DataFrame) -> DataFrame:
    """Of each point the row with the highest `version`. For batches, and within foreachBatch: Spark has no such window for
    streams. Wants the columns `key` and `version`; and `interval`, where points have one: with `record.key: series` all points of
    a series have one key."""
    missing = {"key", "version"} - set(records.columns)
    if missing:
        raise ValueError(f"newest: no column {' and '.join(sorted(missing))}; read with columns=all_columns(), key=True")
    point = [name for name in ("key", "interval") if name in records.columns]
    rank = F.row_number().over(Window.partitionBy(*point).orderBy(F.col("version").desc()))
    return records.withColumn("_rank", rank).where("_rank = 1").drop("_rank")
