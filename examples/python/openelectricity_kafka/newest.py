"""The newest record of each point."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def newest(records: DataFrame) -> DataFrame:
    """Of each `key` the row with the highest `version`. For batches, and within foreachBatch: Spark has no such window for
    streams. Wants the columns `key` and `version`."""
    missing = {"key", "version"} - set(records.columns)
    if missing:
        raise ValueError(f"newest: no column {' and '.join(sorted(missing))}; read with columns=all_columns(), key=True")
    rank = F.row_number().over(Window.partitionBy("key").orderBy(F.col("version").desc()))
    return records.withColumn("_rank", rank).where("_rank = 1").drop("_rank")
