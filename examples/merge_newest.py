"""A Delta table that holds the newest value of every point: corrections of any age find their row.

The record's key names the point, `version` orders its values; so neither a watermark nor a window is needed, and reading
the topic again changes nothing. Start it as examples/append_first_revisions.py is started.
"""

import argparse

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, TimestampType

from read_stream import and_fields, kafka_options, with_key

# The 22 columns, what tells two groupings apart, and what orders the values of a point.
columns = and_fields(interval_size=StringType(), grouping=StringType(), fueltech=StringType(), version=LongType(),
                     fetched_at=TimestampType())


def newest_of(batch: DataFrame) -> DataFrame:
    """One row per key: MERGE refuses two that meet the same row."""
    rank = F.row_number().over(Window.partitionBy("key").orderBy(F.col("version").desc()))
    return batch.withColumn("rank", rank).where("rank = 1").drop("rank")


def create_table(spark: SparkSession, table: str):
    fields = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in columns)
    spark.sql(f"CREATE TABLE IF NOT EXISTS delta.`{table}` (`key` STRING, {fields}) USING delta")


def merge_into(table: str):
    """For foreachBatch."""
    def merge(batch: DataFrame, _number: int):
        newest_of(batch).createOrReplaceTempView("batch")
        batch.sparkSession.sql(f"""
            MERGE INTO delta.`{table}` AS old USING batch AS new ON old.key = new.key
            WHEN MATCHED AND new.version > old.version THEN UPDATE SET *
            WHEN NOT MATCHED THEN INSERT *""")
    return merge


def records_with_key(spark: SparkSession, bootstrap: str, topics: str) -> DataFrame:
    messages = spark.readStream.format("kafka").options(**kafka_options(bootstrap, topics)).load()
    return with_key(messages, columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.network.5m.v1")
    parser.add_argument("--table", required=True)
    parser.add_argument("--checkpoint", required=True)
    options = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity merge").getOrCreate()
    create_table(spark, options.table)
    records = records_with_key(spark, options.bootstrap, options.topics)
    (records.writeStream.foreachBatch(merge_into(options.table))
     .option("checkpointLocation", options.checkpoint).trigger(processingTime="1 minute").start().awaitTermination())


if __name__ == "__main__":
    main()
