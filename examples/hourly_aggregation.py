"""Price and demand per region and hour, from the newest value of every five minutes that the topics hold now.

Needs a stream of five minutes with `price` or `demand`, long or wide; without `primary_grouping: network_region` its rows have no
region.

  pip install ./examples/python
  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 examples/hourly_aggregation.py
"""

import argparse
import sys

from openelectricity_kafka import all_columns, newest, none_of, read
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

WANTED = "interval_size = '5m' AND grouping IN ('network_region', 'total') AND (price IS NOT NULL OR demand IS NOT NULL)"


def hourly(points: DataFrame) -> DataFrame:
    """`points`: one row a point. Means per network, region and hour; those of a whole network have no region."""
    wanted = points.where(WANTED)
    # NEM labels the end of a period, WEM its start: `interval_start` means the same in both.
    start = F.coalesce("interval_start", "interval")
    return (wanted.groupBy("network_code", "network_region", F.window(start, "1 hour").alias("hour"))
            .agg(F.avg("price").alias("price"), F.avg("demand").alias("demand"))
            .select(F.col("hour.start").alias("hour"), "network_code", "network_region", "price", "demand"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.market.5m.v1")
    parser.add_argument("--out", help="a folder for Parquet files; without it the newest hours are shown")
    asked = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity hourly").config("spark.sql.session.timeZone", "+10:00").getOrCreate()
    points = newest(read(spark, asked.bootstrap, asked.topics, columns=all_columns(), key=True))
    rows = hourly(points)
    if said := none_of(points.where(WANTED), points, "price or demand of 5m"):
        sys.exit(said)
    if asked.out:
        rows.write.parquet(asked.out)
    else:
        rows.orderBy(F.desc("hour"), "network_code", "network_region").show(30, truncate=False)


if __name__ == "__main__":
    main()
