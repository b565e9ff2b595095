"""The examples of the PySpark source `openelectricity_stream`, by their old names, on the daemon's topics.

  pip install ./examples/python
  spark-submit --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1 examples/pyspark_streaming_example.py
  …                                                 examples/pyspark_streaming_example.py --mode networks

The modes delta and custom write Delta tables, which needs more of spark-submit:

  --packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1,io.delta:delta-spark_4.1_2.13:4.1.0
  --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension
  --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog
"""

import argparse

from openelectricity_kafka import all_columns, none_of, of_metrics, read, read_stream, show_newest
from openelectricity_kafka.old_options import read_old_options
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming import StreamingQuery

# As they stood in the old job, but for api_key, batch_size_hours and progress_path, which are the daemon's now. Change them to
# what your streams have: rows of another grouping are left out.
STREAM_OPTIONS = {
    "network_code": "NEM",
    "metrics": ["power", "energy", "emissions", "market_value"],
    "interval": "5m",
    "primary_grouping": "network_region",
    "secondary_grouping": "fueltech_group",
}


def tell_if_none(spark: SparkSession, asked, options: dict) -> None:
    """A line where the topics have records, but none for these options. They may come later, so the query is started all the same."""
    topics = asked.topics or ",".join(read_old_options(options).topics())
    chosen = read(spark, asked.bootstrap, topics, columns=all_columns(), **options)
    if said := none_of(chosen, read(spark, asked.bootstrap, topics, columns=all_columns()), f"records for {options}"):
        print(f"until now {said}")


def example_basic(spark: SparkSession, asked) -> list[StreamingQuery]:
    """To the console: the newest rows of each batch, of whatever streams fill the topics."""
    topics = asked.topics or "openelectricity.network.5m.v1,openelectricity.market.5m.v1"
    rows = read_stream(spark, asked.bootstrap, topics)
    return [rows.writeStream.foreachBatch(show_newest).trigger(processingTime=asked.trigger).start()]


def example_delta_table_write(spark: SparkSession, asked) -> list[StreamingQuery]:
    """A Delta table of the 22 columns, appended to. Delta and the checkpoint together write each batch once.

    A correction of a value is one more row. `revisions: first` in the daemon's stream, or examples/merge_newest.py, give one row
    a point."""
    tell_if_none(spark, asked, STREAM_OPTIONS)
    rows = read_stream(spark, asked.bootstrap, asked.topics, **STREAM_OPTIONS)
    return [rows.writeStream.format("delta").outputMode("append").option("checkpointLocation", asked.checkpoint)
            .trigger(processingTime=asked.trigger).start(asked.table)]


def example_with_different_networks(spark: SparkSession, asked) -> list[StreamingQuery]:
    """NEM and WEM as one stream. `interval` is an instant in both, whatever their clocks; NEM labels the end of five minutes,
    WEM their start."""
    nem_options = {**STREAM_OPTIONS, "metrics": "power,energy"}
    wem_options = {**nem_options, "network_code": "WEM"}
    for options in (nem_options, wem_options):
        tell_if_none(spark, asked, options)
    nem = read_stream(spark, asked.bootstrap, asked.topics, **nem_options)
    wem = read_stream(spark, asked.bootstrap, asked.topics, **wem_options)
    return [nem.union(wem).writeStream.foreachBatch(show_newest).trigger(processingTime=asked.trigger).start()]


def in_gigawatts(records: DataFrame) -> DataFrame:
    """Also where power has become null: it takes back the number of an earlier record."""
    return (of_metrics(records, "power").withColumn("power_gw", F.col("power") / 1000)
            .withColumn("processing_timestamp", F.current_timestamp()))


def as_messages(processed: DataFrame) -> DataFrame:
    """For a topic of Kafka; with `power_gw: null` where there is no number any more."""
    fields = ("interval", "network_code", "network_region", "fueltech_group", "power_gw", "version")
    return processed.select("key", F.to_json(F.struct(*fields), {"ignoreNullFields": "false"}).alias("value"))


def example_custom_processing(spark: SparkSession, asked) -> list[StreamingQuery]:
    """Rows changed, and written to two sinks: a Delta table, and a topic of Kafka.

    Spark writes to Kafka at least once: after a crash a batch may be there twice. Each message has the point's key, and in its
    value the version, so that whoever reads it can drop what is there again: `without_repeats`."""
    tell_if_none(spark, asked, STREAM_OPTIONS)
    processed = in_gigawatts(read_stream(spark, asked.bootstrap, asked.topics, columns=all_columns(), key=True, **STREAM_OPTIONS))
    table = (processed.writeStream.format("delta").option("checkpointLocation", asked.checkpoint + "/delta")
             .trigger(processingTime=asked.trigger).start(asked.table))
    topic = (as_messages(processed).writeStream.format("kafka").option("kafka.bootstrap.servers", asked.bootstrap)
             .option("topic", asked.sink_topic).option("checkpointLocation", asked.checkpoint + "/kafka")
             .trigger(processingTime=asked.trigger).start())
    return [table, topic]


def without_repeats(messages: DataFrame) -> DataFrame:
    """What `example_custom_processing` wrote to Kafka, read with format("kafka"): each message once."""
    version = F.get_json_object(F.col("value").cast("string"), "$.version").cast("long")
    return messages.withColumn("version", version).dropDuplicates(["key", "version"])


MODES = {"basic": example_basic, "delta": example_delta_table_write, "networks": example_with_different_networks,
         "custom": example_custom_processing}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=MODES, default="basic")
    parser.add_argument("--bootstrap", default="localhost:9092")
    parser.add_argument("--topics", help="when they have other names than the daemon gives by itself")
    parser.add_argument("--table", default="/tmp/openelectricity/table")
    parser.add_argument("--checkpoint", default="/tmp/openelectricity/checkpoint")
    parser.add_argument("--sink-topic", default="openelectricity.processed")
    parser.add_argument("--trigger", default="30 seconds")
    asked = parser.parse_args()

    # Times are shown on NEM's clock.
    spark = SparkSession.builder.appName("OpenElectricityStreamingExample").config(
        "spark.sql.session.timeZone", "+10:00").getOrCreate()
    MODES[asked.mode](spark, asked)
    spark.streams.awaitAnyTermination()


if __name__ == "__main__":
    main()
