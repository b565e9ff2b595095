"""Our Avro encoder and decoder beside fastavro, both ways, byte for byte."""

import datetime
import io
import json
import random
import subprocess

import fastavro
import pytest
from parts import BINARIES

TOOL = BINARIES.parent / "tests" / "avro_tool"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def schema(kind: str) -> dict:
    options = ["--facilities"] if kind == "facility_unit" else []
    return json.loads(subprocess.run([BINARIES / "openelectricity-stream", "schema", "--format", "avro", *options],
                                     capture_output=True, text=True, check=True).stdout)


def is_instant(field: dict) -> bool:
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return any(isinstance(one, dict) and one.get("logicalType") == "timestamp-micros" for one in types)


def record_of(kind: str, text: str) -> dict:
    """What the JSON of a record says, as the Avro schema has it."""
    fields = schema_of[kind]["fields"]
    said = json.loads(text)
    out = {}
    for field in fields:
        value = said.pop(field["name"], None)
        if is_instant(field) and value is not None:
            value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        if isinstance(value, int) and not isinstance(value, bool) and "double" in field["type"]:
            value = float(value)
        out[field["name"]] = value
    if said:
        out["extra_values"] = {name: float(value) for name, value in said.items()}
    return out


schema_of = {kind: schema(kind) for kind in ("point", "facility_unit")}
parsed = {kind: fastavro.parse_schema(text) for kind, text in schema_of.items()}


@pytest.mark.parametrize("seed", range(4))
def test_what_we_write_fastavro_reads_and_would_have_written_byte_for_byte(seed):
    said = subprocess.run([TOOL, "encode", str(seed), "200"], capture_output=True, text=True, check=True).stdout
    lines = said.splitlines()
    assert len(lines) > 400
    for line in lines:
        kind, value, text = line.split("\t")
        value = bytes.fromhex(value)
        assert value[:5] == bytes(5)
        stream = io.BytesIO(value[5:])
        read = fastavro.schemaless_reader(stream, parsed[kind], None)
        assert stream.read() == b""
        expected = record_of(kind, text)
        assert read == expected
        again = io.BytesIO()
        fastavro.schemaless_writer(again, parsed[kind], expected)
        assert again.getvalue() == value[5:]


def some_text(chance: random.Random) -> str:
    return chance.choice(["wind", "NSW1", "Ä \"quoted\"\n", "🔋", "", "y" * 300])


def some_record(chance: random.Random, kind: str) -> dict:
    out = {}
    for field in schema_of[kind]["fields"]:
        types = field["type"] if isinstance(field["type"], list) else [field["type"]]
        if "null" in types and chance.random() < 0.5:
            out[field["name"]] = None
            continue
        is_of = types[-1]
        if is_instant(field):
            out[field["name"]] = EPOCH + datetime.timedelta(seconds=chance.randrange(-10**9, 7 * 10**9))
        elif is_of == "string":
            out[field["name"]] = some_text(chance)
        elif is_of == "double":
            out[field["name"]] = chance.choice([0.0, 1.5, -1e-7, 5e-324, 1.7976931348623157e308, chance.random() * 1e6])
        elif is_of == "long":
            out[field["name"]] = chance.choice([0, 1, 63, 64, 2**40, 2**62])
        elif is_of == "boolean":
            out[field["name"]] = chance.random() < 0.5
        elif is_of["values"] == "double":
            out[field["name"]] = {f"metric_{i}": chance.random() for i in range(chance.randrange(1, 4))}
        else:
            out[field["name"]] = {f"label_{i}": some_text(chance) for i in range(chance.randrange(1, 4))}
    if kind == "point":
        out["network_code"] = chance.choice(["NEM", "WEM", "AU"])
    return out


@pytest.mark.parametrize("kind", ["point", "facility_unit"])
def test_what_fastavro_writes_we_read(tmp_path, kind):
    chance = random.Random(7)
    records = [some_record(chance, kind) for _ in range(500)]
    lines = []
    for record in records:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, parsed[kind], record)
        lines.append(out.getvalue().hex())
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(schema_of[kind]))
    said = subprocess.run([TOOL, "decode", file], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    read = said.stdout.splitlines()
    assert len(read) == len(records)
    for record, text in zip(records, read):
        assert not text.startswith("error"), text
        expected = dict(record)
        if record.get("fetched_at"):  # JSON has milliseconds
            expected["fetched_at"] = record["fetched_at"].replace(microsecond=record["fetched_at"].microsecond // 1000 * 1000)
        assert record_of(kind, text) == expected
