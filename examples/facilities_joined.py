"""What each unit makes, with the name, fuel and region of its facility: facility series joined with the list of facilities.

Needs a stream with `facility_code: all` and `metrics: power`, long or wide, and `facilities: {enabled: true}` in the daemon's
configuration.

  pip install ./examples/python
  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 examples/facilities_joined.py
"""

import argparse
import sys

from openelectricity_kafka import all_columns, facilities, newest, none_of, of_metrics, read
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F


def joined(points: DataFrame, units: DataFrame) -> DataFrame:
    """`points`: one row a point of facility series. A unit that the list does not have keeps its row, without a name."""
    named = units.select("facility_code", "unit_code", "facility_name", F.col("network_region").alias("region"),
                         F.col("fueltech").alias("fuel"), "capacity_registered")
    series = of_metrics(points, "power").where("unit_code IS NOT NULL").select("interval", "facility_code", "unit_code", "power")
    return series.join(named, ["facility_code", "unit_code"], "left")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.facility.5m.v1")
    parser.add_argument("--facilities-topic", default="openelectricity.facilities.v1")
    parser.add_argument("--out", help="a folder for Parquet files; without it the newest rows are shown")
    asked = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity facilities").config("spark.sql.session.timeZone", "+10:00").getOrCreate()
    points = newest(read(spark, asked.bootstrap, asked.topics, columns=all_columns(), key=True))
    rows = joined(points, facilities(spark, asked.bootstrap, asked.facilities_topic))
    if said := none_of(points.where("power IS NOT NULL AND unit_code IS NOT NULL"), points, "power of units"):
        sys.exit(said)
    if asked.out:
        rows.write.parquet(asked.out)
    else:
        rows.orderBy(F.desc("interval"), F.desc("power")).show(30, truncate=False)


if __name__ == "__main__":
    main()
