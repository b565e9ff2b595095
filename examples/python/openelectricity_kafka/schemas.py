"""The schemas of records. The files schema_*.py are printed by `openelectricity-stream schema`."""

from pyspark.sql.types import StructType

from . import schema_22, schema_all, schema_facilities


def _copy(schema: StructType) -> StructType:
    return StructType(list(schema.fields))  # StructType.add changes its object


def columns_22() -> StructType:
    """The columns of the PySpark source `openelectricity_stream`: names, types and order."""
    return _copy(schema_22.schema)


def all_columns() -> StructType:
    """Every field of a record; the first 22 are those of `columns_22`."""
    return _copy(schema_all.schema)


def facility_columns() -> StructType:
    """The fields of the list of facilities."""
    return _copy(schema_facilities.schema)
