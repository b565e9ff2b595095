"""The data topics as Spark's rows."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from .old_options import OldJob, read_old_options
from .schema_registry import SchemaRegistry
from .schemas import all_columns, columns_22

# So that the first batch on a topic with years in it fits into memory.
RECORDS_PER_BATCH = 1_000_000


def kafka_options(bootstrap_servers: str, topics: str, starting_offsets: str, more: Mapping[str, str] | None) -> dict[str, str]:
    """Options of Spark's Kafka source. `more` goes before; only another isolation level is refused."""
    level = (more or {}).get("kafka.isolation.level", "read_committed")
    if level != "read_committed":
        raise ValueError(f"kafka.isolation.level: {level} shows records of aborted transactions, which were never published")
    return {
        "kafka.bootstrap.servers": bootstrap_servers,
        "subscribe": topics,
        "startingOffsets": starting_offsets,
        # Offsets that are gone mean records that were never read: that is told, not skipped.
        "failOnDataLoss": "true",
        **(more or {}),
        "kafka.isolation.level": level,
    }


def read_stream(spark: SparkSession, bootstrap_servers: str, topics: str | None = None, *, columns: StructType | None = None,
                key: bool = False, starting_offsets: str = "earliest", options: Mapping[str, str] | None = None,
                schema_registry: SchemaRegistry | str | None = None, **old_options: object) -> DataFrame:
    """The topics as a stream, one row a record.

    `topics`: one, or several with commas between. `columns`: the 22 of the PySpark source unless told otherwise, `all_columns()`
    for every field. `key`: also the column `key`, which names the point: all revisions of a point share it. `options`: further
    ones of Spark's Kafka source. `schema_registry`: for topics of Avro, its URL or more of it; Spark needs its Avro package, and
    Python fastavro. `old_options`: those of the PySpark source by their names (`network_code`, `metrics`, …): they
    choose the rows, and the topics unless these are given; of a wide topic all rows of the grouping. Raises OldOptionError for
    those that have no meaning here, each with what to do instead."""
    job = _job(topics, old_options)
    asked = {"maxOffsetsPerTrigger": str(RECORDS_PER_BATCH), **(options or {})}
    messages = spark.readStream.format("kafka").options(**kafka_options(
        bootstrap_servers, _topics(topics, job), starting_offsets, asked)).load()
    return _rows(messages, _topics(topics, job), columns, key, job, schema_registry)


def read(spark: SparkSession, bootstrap_servers: str, topics: str | None = None, *, columns: StructType | None = None,
         key: bool = False, starting_offsets: str = "earliest", options: Mapping[str, str] | None = None,
         schema_registry: SchemaRegistry | str | None = None, **old_options: object) -> DataFrame:
    """What the topics hold now, one row a record; as `read_stream` otherwise."""
    job = _job(topics, old_options)
    messages = spark.read.format("kafka").options(**kafka_options(
        bootstrap_servers, _topics(topics, job), starting_offsets, options)).load()
    return _rows(messages, _topics(topics, job), columns, key, job, schema_registry)


def _job(topics: str | None, old_options: Mapping[str, object]) -> OldJob | None:
    if not old_options and not topics:
        raise ValueError("which topics? Name them (openelectricity.network.5m.v1), or give options of the old source")
    return read_old_options(old_options) if old_options else None


def _topics(topics: str | None, job: OldJob | None) -> str:
    return topics or (",".join(job.topics()) if job else "")


def _rows(messages: DataFrame, topics: str, columns: StructType | None, key: bool, job: OldJob | None,
          schema_registry: SchemaRegistry | str | None) -> DataFrame:
    wanted = columns or columns_22()
    # What an old job's rows are chosen by is read too.
    parsed_as = all_columns() if job else wanted
    known = set(parsed_as.fieldNames())
    parsed_as = StructType(parsed_as.fields + [field for field in wanted.fields if field.name not in known])
    rows = record_rows(messages, topics, parsed_as, "point", schema_registry)
    if job:
        # Of a plain condition on n columns Spark's optimizer makes 2^n variants, for hours: both names of each column, behind a
        # projection. It makes none of one that is not deterministic. rand() is at least 0 and below 1.
        rows = rows.where(f"cast(({job.condition()}) AS INT) > rand()")
    return rows.select(*(["key"] if key else []), *wanted.fieldNames())


def record_rows(messages: DataFrame, topics: str, wanted: StructType, record: str,
                schema_registry: SchemaRegistry | str | None) -> DataFrame:
    """The column `key` and those wanted; tombstones left out. `record`: what Avro calls it. A value that is no record ends the
    query: the alternative is a row of nulls."""
    messages = messages.where("value IS NOT NULL")
    if schema_registry:
        from .avro import avro_rows

        return avro_rows(messages, topics, wanted, record, schema_registry)
    is_avro = F.raise_error(F.lit("this topic has records of Avro: say schema_registry=…")).cast("string")
    text = F.when(F.substring("value", 1, 1) == F.lit(b"\0"), is_avro).otherwise(F.col("value").cast("string"))
    parsed = F.from_json(text, wanted, {"mode": "FAILFAST"})
    return messages.select(F.col("key").cast("string").alias("key"), parsed.alias("record")).select("key", "record.*")
