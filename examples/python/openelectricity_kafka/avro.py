"""Records of Avro as Spark's columns: each by its writer's schema, read into the one that is asked for.

Ids that the registry knows when the query is made are decoded by Spark itself. One that appears later, while a stream runs, is
rewritten by a Python function first, slower, until the query is started again."""

from __future__ import annotations

import importlib.resources
import json
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro
from pyspark.sql.types import (
    BinaryType,
    BooleanType,
    DataType,
    DoubleType,
    IntegerType,
    LongType,
    MapType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from .rewriting import FRAME, Rewriter
from .schema_registry import SchemaRegistry

# Metrics that the writer's release did not know.
EXTRA = "extra_values"
FAILFAST = {"mode": "FAILFAST"}


def avro_rows(messages: DataFrame, topics: str, wanted: StructType, record: str, registry: SchemaRegistry | str) -> DataFrame:
    """The column `key` as a text and those that are wanted. `record`: `point`, or `facility_unit`."""
    known = SchemaRegistry(registry) if isinstance(registry, str) else registry
    writers: dict[int, str] = {}
    for topic in topics.split(","):
        writers.update(known.schemas_of(f"{topic.strip()}-value"))
    reader = json.dumps(_reader_schema(wanted, record))
    frame = F.substring(F.col("value"), 1, FRAME)
    framed = {number: b"\0" + number.to_bytes(4, "big") for number in writers}
    later = ~frame.isin(*framed.values()) if framed else F.lit(True)
    rewrite = F.udf(Rewriter(known, reader), BinaryType(), useArrow=False)
    values = messages.select("key", "value", rewrite(F.when(later, F.col("value"))).alias("later"))

    body = F.expr(f"substring(value, {FRAME + 1})")
    decoded = F.when(F.col("later").isNotNull(), from_avro(F.col("later"), reader, FAILFAST))
    for number, frame_of in framed.items():
        decoded = decoded.when(frame == F.lit(frame_of), from_avro(body, writers[number], {**FAILFAST, "avroSchema": reader}))
    rows = values.select(F.col("key").cast("string").alias("key"), decoded.alias("record"))
    return rows.select("key", *(_column(one, record) for one in wanted.fields))


def _column(wanted: StructField, record: str) -> Column:
    column = F.col(f"record.`{wanted.name}`")
    if record == "point" and isinstance(wanted.dataType, DoubleType) and wanted.name != "value":
        column = F.coalesce(column, F.try_element_at(F.col(f"record.{EXTRA}"), F.lit(wanted.name)))
    return column.cast(wanted.dataType).alias(wanted.name)


def _reader_schema(wanted: StructType, record: str) -> dict[str, Any]:
    """Today's schema with the wanted fields alone: others are skipped, and what no schema has yet is null."""
    # As `openelectricity-stream schema` prints it.
    today = json.loads((importlib.resources.files(__package__) / f"{record}.avsc").read_text(encoding="utf-8"))
    fields = {one["name"]: one for one in today["fields"]}
    chosen = [fields.get(one.name) or {"name": one.name, "type": ["null", _avro_type(one.dataType)], "default": None}
              for one in wanted.fields]
    if record == "point" and EXTRA not in wanted.fieldNames():
        chosen.append(fields[EXTRA])
    return {**today, "fields": chosen}


def _avro_type(spark: DataType) -> object:
    simple = {DoubleType: "double", StringType: "string", BooleanType: "boolean", IntegerType: "long", LongType: "long"}
    if type(spark) in simple:
        return simple[type(spark)]
    if isinstance(spark, TimestampType):
        return {"type": "long", "logicalType": "timestamp-micros"}
    if isinstance(spark, MapType):
        return {"type": "map", "values": _avro_type(spark.valueType)}
    raise ValueError(f"columns: no record has a field of the type {spark.simpleString()}")
