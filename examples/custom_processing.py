"""Processing of one's own on every batch: alerts on high prices, each point once, corrections included.

  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 examples/custom_processing.py --above 300
"""

import argparse

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType

from read_stream import and_fields, read_topics

columns = and_fields(revision=IntegerType())


def high_prices(rows: DataFrame, above: float) -> DataFrame:
    """A row for each value over the limit. `revision` 0 is news, more than that corrects what was said before."""
    return (rows.where((F.col("metric") == "price") & (F.col("price") > above))
            .select("interval", "network_code", "network_region", "price", "unit", "revision"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", default="openelectricity.market.5m.v1")
    parser.add_argument("--above", type=float, default=300.0)
    parser.add_argument("--checkpoint", default=None, help="a folder: after a restart it goes on where it was")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("openelectricity alerts").getOrCreate()
    rows = read_topics(spark, options.bootstrap, options.topics, columns)

    def alert(batch: DataFrame, _number: int):
        for row in high_prices(batch, options.above).collect():
            corrected = f" (correction {row.revision})" if row.revision else ""
            print(f"{row.interval} {row.network_code} {row.network_region or ''}: {row.price} {row.unit}{corrected}")

    writer = rows.writeStream.foreachBatch(alert).trigger(processingTime="10 seconds")
    if options.checkpoint:
        writer = writer.option("checkpointLocation", options.checkpoint)
    writer.start().awaitTermination()


if __name__ == "__main__":
    main()
