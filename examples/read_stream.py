"""The replaced source's 22 columns from our topics, as a stream: the plain case.

  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 \\
      examples/read_stream.py --bootstrap localhost:9092 --topics openelectricity.network.5m.v1

`read_topics` is what the other examples build on.
"""

import argparse

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DoubleType, StringType, StructField, StructType, TimestampType

# Printed by `openelectricity-stream schema --format pyspark --replaced`; `schema --format pyspark` has all fields.
schema = StructType([
    StructField("interval", TimestampType(), True),
    StructField("network_code", StringType(), True),
    StructField("metric", StringType(), True),
    StructField("unit", StringType(), True),
    StructField("fueltech_group", StringType(), True),
    StructField("network_region", StringType(), True),
    StructField("unit_code", StringType(), True),
    StructField("power", DoubleType(), True),
    StructField("energy", DoubleType(), True),
    StructField("emissions", DoubleType(), True),
    StructField("market_value", DoubleType(), True),
    StructField("renewable_proportion", DoubleType(), True),
    StructField("storage_battery", DoubleType(), True),
    StructField("price", DoubleType(), True),
    StructField("demand", DoubleType(), True),
    StructField("demand_energy", DoubleType(), True),
    StructField("curtailment", DoubleType(), True),
    StructField("curtailment_energy", DoubleType(), True),
    StructField("curtailment_solar_utility", DoubleType(), True),
    StructField("curtailment_solar_utility_energy", DoubleType(), True),
    StructField("curtailment_wind", DoubleType(), True),
    StructField("curtailment_wind_energy", DoubleType(), True),
])


def and_fields(**further: DataType) -> StructType:
    """The 22 columns and further fields of a record, `revision=IntegerType()`; `schema` itself stays as it is."""
    return StructType(schema.fields + [StructField(name, kind, True) for name, kind in further.items()])


def kafka_options(bootstrap: str, topics: str) -> dict:
    """`topics`: comma-separated. Without read_committed, records of aborted transactions would show."""
    return {
        "kafka.bootstrap.servers": bootstrap,
        "subscribe": topics,
        "startingOffsets": "earliest",
        "kafka.isolation.level": "read_committed",
    }


def read_topics(spark: SparkSession, bootstrap: str, topics: str, columns: StructType = schema) -> DataFrame:
    """A stream, one row per record."""
    messages = spark.readStream.format("kafka").options(**kafka_options(bootstrap, topics)).load()
    return with_key(messages, columns).drop("key")


def read_until_now(spark: SparkSession, bootstrap: str, topics: str, columns: StructType = schema) -> DataFrame:
    """What the topics hold at this moment, one row per record."""
    messages = spark.read.format("kafka").options(**kafka_options(bootstrap, topics)).load()
    return with_key(messages, columns).drop("key")


def with_key(messages: DataFrame, columns: StructType) -> DataFrame:
    """The record's columns beside `key`, which names the point: the same for every revision of it."""
    parsed = messages.select(
        F.col("key").cast("string").alias("key"),
        F.from_json(F.col("value").cast("string"), columns).alias("record"),
    )
    return parsed.select("key", "record.*")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.network.5m.v1")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity").getOrCreate()
    rows = read_topics(spark, options.bootstrap, options.topics)
    query = rows.select("interval", "network_code", "network_region", "fueltech_group", "metric", "unit",
                        F.coalesce("power", "energy", "price", "demand").alias("number"))
    query.writeStream.format("console").option("truncate", "false").start().awaitTermination()


if __name__ == "__main__":
    main()
