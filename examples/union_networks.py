"""NEM and WEM side by side: price and demand per hour, from all that the topics hold now.

With the replaced source this was a reader per network and a union. Here both networks' streams write to the same topics (or
`subscribe` names several), so one reader has both; times are instants, so their offsets (+10:00, +08:00) need no care.

  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 examples/union_networks.py
"""

import argparse

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, TimestampType

from read_stream import and_fields, read_until_now

columns = and_fields(interval_start=TimestampType(), interval_size=StringType(), grouping=StringType(),
                     version=LongType())


def hourly(rows: DataFrame, networks: list) -> DataFrame:
    """Mean price and demand of every network, region and hour, over the newest value of each five minutes."""
    # NEM labels the end of a period, WEM its start: `interval_start` means the same in both.
    instant = F.coalesce("interval_start", "interval")
    point = ["network_code", "network_region", "metric", "instant"]
    wanted = (F.col("network_code").isin(networks) & F.col("metric").isin("price", "demand")
              & (F.col("interval_size") == "5m") & (F.col("grouping") == "network_region"))
    newest = (rows.where(wanted)
              .withColumn("instant", instant)
              .groupBy(*point).agg(F.max_by("price", "version").alias("price"),
                                   F.max_by("demand", "version").alias("demand")))
    return (newest.groupBy("network_code", "network_region", F.window("instant", "1 hour").alias("hour"))
            .agg(F.avg("price").alias("price"), F.avg("demand").alias("demand"))
            .select(F.col("hour.start").alias("hour"), "network_code", "network_region", "price", "demand"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.market.5m.v1")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity networks").getOrCreate()
    rows = read_until_now(spark, options.bootstrap, options.topics, columns)
    hourly(rows, ["NEM", "WEM"]).orderBy("hour", "network_code", "network_region").show(100, truncate=False)


if __name__ == "__main__":
    main()
