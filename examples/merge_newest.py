"""A Delta table that holds the newest value of every point: corrections of any age find their row.

The record's key names the point, `version` orders its values; so neither a watermark nor a window is needed, and reading the
topics again changes nothing. Any topics of data will do, but for one thing: wide streams of data and of market metrics with the
same grouping have the same keys, since a wide key names no metric. Give each such topic a table of its own.

  pip install ./examples/python
  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1,io.delta:delta-spark_4.1_2.13:4.1.0 \\
      --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension \\
      --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog \\
      examples/merge_newest.py --table /data/power --checkpoint /data/power.checkpoint
"""

import argparse

from openelectricity_kafka import all_columns, merge_into_delta, read_stream
from pyspark.sql import SparkSession


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.network.5m.v1,openelectricity.market.5m.v1")
    parser.add_argument("--table", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--trigger", default="1 minute")
    asked = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity merge").getOrCreate()
    records = read_stream(spark, asked.bootstrap, asked.topics, columns=all_columns(), key=True)
    (records.writeStream.foreachBatch(lambda batch, number: merge_into_delta(batch, number, asked.table))
     .option("checkpointLocation", asked.checkpoint).trigger(processingTime=asked.trigger).start().awaitTermination())


if __name__ == "__main__":
    main()
