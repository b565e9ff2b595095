"""The Kafka topics of openelectricity-stream, read with Spark."""

from .console import show_newest
from .delta import merge_into_delta
from .facilities import facilities
from .metrics import none_of, of_metrics
from .newest import newest
from .old_options import OldOptionError
from .reading import read, read_stream
from .schema_registry import SchemaRegistry, SchemaRegistryError
from .schemas import all_columns, columns_22, facility_columns

__all__ = [
    "OldOptionError",
    "SchemaRegistry",
    "SchemaRegistryError",
    "all_columns",
    "columns_22",
    "facilities",
    "facility_columns",
    "merge_into_delta",
    "newest",
    "none_of",
    "of_metrics",
    "read",
    "read_stream",
    "show_newest",
]
