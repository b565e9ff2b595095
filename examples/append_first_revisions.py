"""An append-only Delta table with exactly one row per point: what the replaced source promised.

Fill the topic by a stream with `revisions: first` and `publish_after: 72h`: then a point comes once, and settled. From a
topic with all revisions the same rows come by the filter below, with each point's first value instead of its last.

  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1,io.delta:delta-spark_4.1_2.13:4.1.0 \\
      --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension \\
      --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog \\
      examples/append_first_revisions.py --table /data/power --checkpoint /data/power.checkpoint
"""

import argparse

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType

from read_stream import and_fields, read_topics


def first_revisions(spark: SparkSession, bootstrap: str, topics: str) -> DataFrame:
    """The 22 columns of each point's first record; its corrections are left out."""
    return read_topics(spark, bootstrap, topics, and_fields(revision=IntegerType())).where(F.col("revision") == 0).drop("revision")


def append(rows: DataFrame, table: str, checkpoint: str):
    """The started query. Delta commits each batch once, so a restarted query appends nothing twice."""
    return (rows.writeStream.format("delta").outputMode("append")
            .option("checkpointLocation", checkpoint).trigger(processingTime="1 minute").start(table))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.network.5m.v1")
    parser.add_argument("--table", required=True)
    parser.add_argument("--checkpoint", required=True)
    options = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity append").getOrCreate()
    rows = first_revisions(spark, options.bootstrap, options.topics)
    append(rows, options.table, options.checkpoint).awaitTermination()


if __name__ == "__main__":
    main()
