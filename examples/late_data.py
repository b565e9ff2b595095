"""Hourly means by Spark's own windows, with a watermark: what is late, and what that costs.

An hour is written when the watermark has passed its end, so hours appear `--watermark` late; a record that comes later still is
dropped without a word. The API corrects values for three days and more: with less than `72 hours` corrections are lost, and
a correction within the watermark counts beside the value that it corrects, unless repeated points are put together first, as
here. Where the exact present matters use examples/hourly_aggregation.py on a merged table.

Needs a stream of five minutes with `price`, long or wide; without `primary_grouping: network_region` its rows have no region.

  pip install ./examples/python
  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 examples/late_data.py --out /data/hourly --checkpoint /data/hourly.checkpoint
"""

import argparse

from openelectricity_kafka import all_columns, none_of, of_metrics, read, read_stream
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

WANTED = "interval_size = '5m' AND interval_start IS NOT NULL AND grouping IN ('network_region', 'total')"


def hourly(records: DataFrame, watermark: str) -> DataFrame:
    """Mean price of each region and hour, over the newest value of each point that came within the watermark."""
    prices = of_metrics(records, "price").where(WANTED)
    place = ["network_code", "network_region"]
    # First the newest record of each point, then the mean of the points: both within the same hour, so under one watermark.
    points = (prices.withWatermark("interval_start", watermark)
              .groupBy(F.window("interval_start", "1 hour").alias("hour"), *place, "key", "interval")
              .agg(F.max_by("price", "version").alias("price")))
    return (points.groupBy(F.window("hour", "1 hour").alias("hour"), *place)
            .agg(F.avg("price").alias("price"), F.count("price").alias("points")).where("points > 0")
            .select(F.col("hour.start").alias("hour"), *place, "price", "points"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.market.5m.v1")
    parser.add_argument("--watermark", default="72 hours")
    parser.add_argument("--out", required=True, help="a folder for Parquet files")
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--trigger", default="1 minute")
    asked = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity late data").getOrCreate()
    there = read(spark, asked.bootstrap, asked.topics, columns=all_columns())
    if said := none_of(there.where(WANTED).where("price IS NOT NULL"), there, "price of 5m"):
        print(f"until now {said}")
    records = read_stream(spark, asked.bootstrap, asked.topics, columns=all_columns(), key=True)
    (hourly(records, asked.watermark).writeStream.format("parquet").outputMode("append")
     .option("checkpointLocation", asked.checkpoint).trigger(processingTime=asked.trigger).start(asked.out).awaitTermination())


if __name__ == "__main__":
    main()
