"""Rows for people, on a terminal."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

ORDER = ("network_region", "fueltech_group", "metric")


def show_newest(batch: DataFrame, batch_id: int, rows: int = 20) -> None:
    """For foreachBatch: the batch's newest rows of each network, since WEM's come later; without columns that are empty."""
    within: list[Column] = [F.desc("interval"), *(F.col(name) for name in ORDER if name in batch.columns)]
    order = [F.col("network_code"), *within]
    rank = F.row_number().over(Window.partitionBy("network_code").orderBy(*within))
    top = batch.withColumn("_rank", rank).where(F.col("_rank") <= rows).drop("_rank").orderBy(*order).persist()
    try:
        found = top.collect()
        filled = [name for name in batch.columns if any(row[name] is not None for row in found)]
        if found:
            print(f"batch {batch_id}: the newest {len(found)} rows")
            top.orderBy(*order).select(*filled).show(len(found), truncate=False)
    finally:
        top.unpersist()
