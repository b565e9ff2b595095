"""A record of Avro whose schema was not known when the query was made, rewritten in the schema that the query reads.

Runs in Spark's Python workers, which get it by value: of this package they need nothing, of others fastavro."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from pyspark import cloudpickle

from . import schema_registry
from .schema_registry import SchemaRegistry

FRAME = 5  # a zero byte, and the id in four

for _module in (schema_registry, sys.modules[__name__]):
    cloudpickle.register_pickle_by_value(_module)  # type: ignore[no-untyped-call]  # not in 3.5, where it has no types either


class Rewriter:
    """`reader`: the schema in which all records are asked for."""

    def __init__(self, registry: SchemaRegistry, reader: str):
        self._registry = registry
        self._reader = reader
        self._asked: Any = None
        self._writers: dict[int, Any] = {}

    def __call__(self, value: bytes | None) -> bytes | None:
        """Without a frame."""
        if value is None:
            return None
        if value[:1] != b"\0" or len(value) < FRAME:
            raise ValueError("this topic has values that are no Avro: leave schema_registry out where records are JSON")
        import fastavro

        number = int.from_bytes(value[1:FRAME], "big")
        if not self._asked:
            self._asked = _plain(self._reader)
        if number not in self._writers:
            self._writers[number] = _plain(self._registry.schema(number))
        record = fastavro.schemaless_reader(io.BytesIO(value[FRAME:]), self._writers[number], self._asked)
        out = io.BytesIO()
        fastavro.schemaless_writer(out, self._asked, record)
        return out.getvalue()


def _plain(schema: str) -> Any:
    """Instants as plain numbers: here they are only passed on."""
    import fastavro

    return fastavro.parse_schema(json.loads(
        schema, object_hook=lambda node: {name: one for name, one in node.items() if name != "logicalType"}))
