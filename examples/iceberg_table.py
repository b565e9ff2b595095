"""An Iceberg table of the 22 columns, appended to. Iceberg keeps a batch's number with its commit, so none is written twice.

  pip install ./examples/python
  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1,org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.11.0 \\
      --conf spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions \\
      --conf spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog \\
      --conf spark.sql.catalog.lake.type=hadoop --conf spark.sql.catalog.lake.warehouse=/data/lake \\
      examples/iceberg_table.py --table lake.openelectricity.records --checkpoint /data/records.checkpoint

On Spark 3.5: spark-sql-kafka-0-10_2.12:3.5.7 and iceberg-spark-runtime-3.5_2.12:1.10.0.
"""

import argparse

from openelectricity_kafka import columns_22, read_stream
from pyspark.sql import SparkSession


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.network.5m.v1")
    parser.add_argument("--table", default="lake.openelectricity.records")
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--trigger", default="1 minute")
    asked = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity iceberg").getOrCreate()
    columns = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in columns_22().fields)
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {asked.table.rsplit('.', 1)[0]}")
    spark.sql(f"CREATE TABLE IF NOT EXISTS {asked.table} ({columns}) USING iceberg PARTITIONED BY (days(interval))")
    (read_stream(spark, asked.bootstrap, asked.topics).writeStream.format("iceberg").outputMode("append")
     # Rows need not be sorted by day first.
     .option("fanout-enabled", "true")
     .option("checkpointLocation", asked.checkpoint).trigger(processingTime=asked.trigger).toTable(asked.table).awaitTermination())


if __name__ == "__main__":
    main()
