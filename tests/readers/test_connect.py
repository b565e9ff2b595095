"""Kafka Connect with the files of examples/connect: JSON into a file, Avro into PostgreSQL by key, on topics with aborted records."""

import json
import uuid

import pytest
from avro_io import Decoder, as_json
from connect import Connect, Postgres, properties
from kafka_io import read_raw, send_transaction
from published import NUMBERS, World, expected_newest
from registry import Registry

pytestmark = pytest.mark.one_line
MARKET = {"network_code": "NEM", "metrics": ["price", "demand"]}


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    one = Registry(tmp_path_factory.mktemp("registry")).start()
    yield one
    one.stop()


@pytest.fixture
def world(bootstrap, registry, tmp_path):
    name = f"connect-{uuid.uuid4().hex[:6]}"
    streams = {"market": MARKET, "avro": {**MARKET, "topic": f"{name}.avro", "record": {"format": "avro"}}}
    with World(bootstrap, tmp_path / "world", name, streams=streams, defaults={"start": "-1h"},
               schema_registry={"url": registry.url}) as one:
        one.wait_live()
        yield one


def abort_copies(bootstrap: str, topic: str):
    """Records of the topic once more, in a transaction that is aborted, with another price."""
    taken = [(key, value) for _, key, value in read_raw(bootstrap, [topic])][:20]
    send_transaction(bootstrap, topic, [(key, value.replace(b'"price":', b'"price":666,"was":')) for key, value in taken], commit=False)


def test_a_topic_of_json_becomes_a_file_of_committed_records_and_without_the_setting_of_all(world, bootstrap, tmp_path):
    topic = world.topics("market")
    abort_copies(bootstrap, topic)
    published = world.end()
    send_transaction(bootstrap, topic, [("end", "the end")], commit=True)  # behind all, in its partition
    good = properties("file_sink.properties", topics=topic, file=str(tmp_path / "good"))
    bad = properties("file_sink.properties", topics=topic, file=str(tmp_path / "bad"), name="without",
                     consumer__override__isolation__level="read_uncommitted")
    expected = sorted([value for _, _, value in published] + ["the end"])

    def lines(name: str) -> list:
        return sorted((tmp_path / name).read_text(encoding="utf-8").splitlines()) if (tmp_path / name).exists() else []

    with Connect(tmp_path, bootstrap, {"good.properties": good, "bad.properties": bad}) as connect:
        connect.wait_until(lambda: len(lines("good")) >= len(expected) and len(lines("bad")) >= len(expected) + 20)
    assert lines("good") == expected
    assert sum(line.startswith("{") and '"price":666' in line for line in lines("bad")) > 0


def test_a_topic_of_avro_becomes_a_table_with_the_newest_of_every_point(world, bootstrap, registry, tmp_path):
    topic = f"{world.name}.avro"
    with Postgres(tmp_path) as postgres:
        sink = properties("postgres_sink.properties", topics=topic, connection__url=postgres.url,
                          value__converter__apicurio__registry__url=registry.url.replace("/apis/ccompat/v7", "/apis/registry/v2"))
        with Connect(tmp_path, bootstrap, {"postgres.properties": sink}) as connect:
            connect.wait_until(lambda: postgres.rows("SELECT key FROM market LIMIT 1"))
            _abort_higher(bootstrap, registry, topic)
            before = world.transactions()
            world.daemon.wait_until(lambda: world.transactions() >= before + 3, 120)  # while it runs: corrections, too
            world.end()
            decoder = Decoder(registry)
            records = [(topic, key.decode(), as_json(decoder.record(value))) for _, key, value in read_raw(bootstrap, [topic])]
            expected = {key: (version, *row) for key, (version, row) in expected_newest(records).items()}
            # Its own rows are compared, not only counted: the last change has no row of its own.
            connect.wait_until(lambda: table(postgres) == expected, 120)
    assert len(expected) > 50
    assert any(json.loads(text)["revision"] for _, _, text in records), "no correction came: nothing was replaced"


def _abort_higher(bootstrap: str, registry, topic: str):
    """What is published now, with a value nobody published."""
    import struct

    copies = []
    for _, key, value in read_raw(bootstrap, [topic])[:20]:
        number = Decoder(registry).record(value)["value"]
        if number:  # its column and `value`: both are replaced
            copies.append((key, value.replace(struct.pack("<d", number), struct.pack("<d", 666.0))))
    assert copies
    send_transaction(bootstrap, topic, copies, commit=False)


def table(postgres) -> dict:
    """As `expected_newest` has it."""
    texts = ("network_code", "metric", "unit", "fueltech_group", "network_region", "unit_code")
    rows = postgres.rows(f"SELECT key, version, extract(epoch FROM interval)::bigint, {', '.join((*texts, *NUMBERS))} FROM market")
    return {row[0]: (int(row[1]), int(row[2]), *row[3:9], *(None if one is None else float(one) for one in row[9:])) for row in rows}
