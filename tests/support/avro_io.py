"""Topics of Avro read by fastavro, apart from the code under test."""

import datetime
import io
import json
import struct

import fastavro


def schema_id(value: bytes) -> int:
    assert value[:1] == b"\0", value[:20]
    return struct.unpack(">i", value[1:5])[0]


class Decoder:
    """As a registry's client does it: each id asked for once."""

    def __init__(self, registry):
        self.registry = registry
        self.known = {}

    def record(self, value: bytes) -> dict:
        number = schema_id(value)
        if number not in self.known:
            self.known[number] = fastavro.parse_schema(self.registry.schema(number))
        stream = io.BytesIO(value[5:])
        out = fastavro.schemaless_reader(stream, self.known[number], None)
        assert stream.read() == b""
        return out


def framed(number: int, schema: dict, record: dict) -> bytes:
    """As whoever has this schema would write it; what it has no field for is left out."""
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, {field["name"]: record[field["name"]] for field in schema["fields"]})
    return b"\0" + struct.pack(">i", number) + out.getvalue()


def as_json(record: dict) -> str:
    """The record as JSON would have it: no nulls but `value`, and instants as texts."""
    offset = datetime.timedelta(hours=8 if record["network_code"] == "WEM" else 10)
    out = {}
    for name, value in record.items():
        if value is None and not (name == "value" and record["metric"] is not None):
            continue
        if isinstance(value, datetime.datetime):
            zone = datetime.timezone(offset) if name == "interval" else datetime.timezone.utc
            value = value.astimezone(zone).isoformat()
        if name == "extra_values":
            out.update(value)
        else:
            out[name] = value
    return json.dumps(out)
