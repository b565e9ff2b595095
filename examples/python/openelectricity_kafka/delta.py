"""A Delta table that holds the newest value of every point."""

import uuid

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .newest import newest


def merge_into_delta(records: DataFrame, batch_id: int, table: str) -> None:
    """For foreachBatch. `table`: a path (it has a slash), or a name in the catalog; made at the first batch.

    Only a higher version changes a row, so a batch that is repeated, or a topic that is read again, changes nothing; `batch_id`
    is not needed for that. `records` has the columns `key`, `version` and `interval`."""
    spark = records.sparkSession
    target = f"delta.`{table}`" if "/" in table else table
    columns = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in records.schema.fields)
    spark.sql(f"CREATE TABLE IF NOT EXISTS {target} ({columns}) USING delta")

    batch = newest(records).persist()
    try:
        bounds = batch.agg(F.min("interval"), F.max("interval"), F.count("*")).select(
            F.unix_micros("min(interval)"), F.unix_micros("max(interval)"), "count(1)").first()
        if bounds is None or not bounds[2]:
            return
        # A key names its interval, so other files of the table cannot match: Delta skips them by their statistics.
        within = f"old.interval BETWEEN timestamp_micros({bounds[0]}) AND timestamp_micros({bounds[1]})"
        view = f"openelectricity_batch_{uuid.uuid4().hex}"  # two queries of one session may have the same batch_id
        batch.createOrReplaceTempView(view)
        spark.sql(f"""
            MERGE INTO {target} AS old USING {view} AS new ON old.key = new.key AND {within}
            WHEN MATCHED AND new.version > old.version THEN UPDATE SET *
            WHEN NOT MATCHED THEN INSERT *""")
        spark.catalog.dropTempView(view)
    finally:
        batch.unpersist()
