"""The list of facilities."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from .newest import newest
from .reading import kafka_options, record_rows
from .schema_registry import SchemaRegistry
from .schemas import facility_columns


def facilities(spark: SparkSession, bootstrap_servers: str, topic: str = "openelectricity.facilities.v1",
               options: Mapping[str, str] | None = None, schema_registry: SchemaRegistry | str | None = None) -> DataFrame:
    """The list as it is now: one row a unit, units that are no longer listed left out. `options`: further ones of Spark's Kafka
    source (`kafka.security.protocol`, say). `schema_registry`: where the list is Avro. Join it on `facility_code` and
    `unit_code`."""
    messages = spark.read.format("kafka").options(**kafka_options(bootstrap_servers, topic, "earliest", options)).load()
    # A tombstone has no version: that it is the last of its key is told by its place.
    last = Window.partitionBy("key", "partition").orderBy(F.col("offset").desc())
    kept = messages.withColumn("_rank", F.row_number().over(last)).where("_rank = 1")
    return newest(record_rows(kept, topic, facility_columns(), "facility_unit", schema_registry)).drop("key")
