"""A Delta table that holds the newest value of every point."""

import uuid

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .newest import newest


def merge_into_delta(records: DataFrame, batch_id: int, table: str, add_columns: bool = True) -> None:
    """For foreachBatch. `table`: a path (it has a slash), or a name in the catalog; made at the first batch.

    Only a higher version changes a row, so a batch that is repeated, or a topic that is read again, changes nothing; `batch_id`
    is not needed for that. `records` has the columns `key`, `version` and `interval`.

    A column that the table does not have yet, a field of a later release say, is added to it: rows that are there have null in
    it, until the topics are read again with a new checkpoint. `add_columns=False` keeps the table's columns as they are, and
    leaves all others out."""
    spark = records.sparkSession
    target = f"delta.`{table}`" if "/" in table else table
    columns = {field.name: f"`{field.name}` {field.dataType.simpleString()}" for field in records.schema.fields}
    spark.sql(f"CREATE TABLE IF NOT EXISTS {target} ({', '.join(columns.values())}) USING delta")
    there = {name.lower() for name in spark.table(target).columns}
    added = [text for name, text in columns.items() if name.lower() not in there]
    if add_columns and added:
        spark.sql(f"ALTER TABLE {target} ADD COLUMNS ({', '.join(added)})")
        there = {name.lower() for name in columns} | there

    batch = newest(records).persist()
    try:
        bounds = batch.agg(F.min("interval"), F.max("interval"), F.count("*")).select(
            F.unix_micros("min(interval)"), F.unix_micros("max(interval)"), "count(1)").first()
        if bounds is None or not bounds[2]:
            return
        # Other files of the table cannot match: Delta skips them by their statistics.
        within = f"old.interval BETWEEN timestamp_micros({bounds[0]}) AND timestamp_micros({bounds[1]})"
        # A record is always the same: a null that it has no more was of a column that the table did not have.
        lacking = " OR ".join(f"(old.`{name}` IS NULL AND new.`{name}` IS NOT NULL)" for name in columns if name.lower() in there)
        view = f"openelectricity_batch_{uuid.uuid4().hex}"  # two queries of one session may have the same batch_id
        batch.createOrReplaceTempView(view)
        spark.sql(f"""
            MERGE INTO {target} AS old USING {view} AS new ON old.key = new.key AND old.interval = new.interval AND {within}
            WHEN MATCHED AND (new.version > old.version OR new.version = old.version AND ({lacking})) THEN UPDATE SET *
            WHEN NOT MATCHED THEN INSERT *""")
        spark.catalog.dropTempView(view)
    finally:
        batch.unpersist()
