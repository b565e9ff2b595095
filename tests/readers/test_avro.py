"""Topics of Avro read with Spark: the rows are those of the same data as JSON, whichever schemas the records were written with."""

import io
import json
import subprocess
import uuid
from collections import Counter
from itertools import permutations

import fastavro
import pytest
from avro_io import Decoder, schema_id
from connect_proxy import ConnectProxy, TlsFront
from kafka_io import make_topic, new_topic, read_raw, send_transaction
from login_front import LoginFront
from openelectricity_kafka import SchemaRegistry, SchemaRegistryError, all_columns, columns_22, facilities, newest, read, read_stream
from parts import BINARIES
from published import STREAMS, World, rows_22
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType
from registry import Registry

DATA = {**STREAMS, "nem-wide": {"metrics": ["power", "emissions"], "record": {"shape": "wide"}}}
# What two streams with the same data do not share.
OWN = ("stream", "version", "fetched_at")


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    one = Registry(tmp_path_factory.mktemp("registry")).start()
    one.rule("FULL_TRANSITIVE")
    yield one
    one.stop()


def topic_of(name: str, stream: str, form: str) -> str:
    return f"{name}.{stream}.{form}" + ("-wide" if stream == "nem-wide" else "")  # the oracle reads what ends in .5m, which is long


@pytest.fixture(scope="module")
def name(bootstrap, registry, tmp_path_factory):
    """A daemon has published each stream twice, as JSON and as Avro, and the list of facilities."""
    name = f"avro-{uuid.uuid4().hex[:6]}"
    avro = {f"{stream}-avro": {**said, "topic": topic_of(name, stream, "avro"), "record": {**said.get("record", {}), "format": "avro"}}
            for stream, said in DATA.items()}
    json_ = {stream: {**said, "topic": topic_of(name, stream, "5m")} for stream, said in DATA.items()}
    with World(bootstrap, tmp_path_factory.mktemp("world"), name, streams={**json_, **avro}, simulator=("--holes", "0.3"), speed=1,
               defaults={"start": "-2h", "publish_nulls": True}, schema_registry={"url": registry.url},
               facilities={"enabled": True, "format": "avro", "topic": f"{name}.facilities"}) as world:
        world.wait_live()
        world.daemon.wait_until(lambda: registry.versions(f"{name}.facilities-value"), 60)
        world.end()
    return name


def topics(name: str, form: str) -> str:
    return ",".join(topic_of(name, stream, form) for stream in DATA)


def all_of(table) -> list:
    """Every field of every row but what is a stream's own; a map as a list."""
    shown = table.drop(*OWN).withColumn("extra", F.map_entries("extra"))
    return sorted(map(str, shown.collect()))


def difference(found: list, wanted: list) -> tuple:
    """Which rows are too few and which too many, of each how many and the first two."""
    few, many = (list((one - other).elements()) for one, other in permutations((Counter(wanted), Counter(found))))
    return (len(few), few[:2]), (len(many), many[:2])


@pytest.mark.parametrize("zone", ["UTC", "Australia/Sydney"])
def test_the_rows_are_those_of_the_json_topics(spark, bootstrap, registry, name, zone):
    spark.conf.set("spark.sql.session.timeZone", zone)
    try:
        avro = read(spark, bootstrap, topics(name, "avro"), schema_registry=registry.url)
        assert avro.schema == columns_22()
        rows = rows_22(avro)
        assert rows == rows_22(read(spark, bootstrap, topics(name, "5m"))) and rows.total() > 500
        assert {row[1] for row in rows} == {"NEM", "WEM"}
        every = {"columns": all_columns(), "key": True}
        avro = read(spark, bootstrap, topics(name, "avro"), schema_registry=registry.url, **every)
        assert avro.columns == ["key", *all_columns().fieldNames()]
        nulls = avro.where("metric IS NOT NULL AND value IS NULL").count()
        assert nulls > 0, "a point without a value is a row"
        assert all_of(avro) == all_of(read(spark, bootstrap, topics(name, "5m"), **every))
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")


def test_the_old_options_choose_the_rows(spark, bootstrap, registry, name):
    chosen = read(spark, bootstrap, f"{name}.nem-market.avro", schema_registry=registry.url, network_code="NEM", metrics=["price"],
                  primary_grouping="network_region")
    assert {row.metric for row in chosen.select("metric").distinct().collect()} == {"price"}
    assert rows_22(chosen) == rows_22(read(spark, bootstrap, f"{name}.nem-market.5m").where("metric = 'price'"))


def test_the_list_of_facilities(spark, bootstrap, registry, name):
    units = facilities(spark, bootstrap, f"{name}.facilities", schema_registry=registry.url).collect()
    told = [Decoder(registry).record(value) for _, _, value in read_raw(bootstrap, [f"{name}.facilities"])]
    assert len(units) == len(told) > 50
    assert sorted((unit.facility_code, unit.unit_code, unit.capacity_registered) for unit in units) == sorted(
        (unit["facility_code"], unit["unit_code"], unit["capacity_registered"]) for unit in told)


def today() -> dict:
    return json.loads(subprocess.run([BINARIES / "openelectricity-stream", "schema", "--format", "avro"], capture_output=True, text=True,
                                     check=True).stdout)


def written_with(schema: dict, number: int, record: dict) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(schema), {one["name"]: record.get(one["name"]) for one in schema["fields"]})
    return b"\0" + number.to_bytes(4, "big") + out.getvalue()


def older_schema() -> dict:
    """Of a release that did not know emissions: they were one of its extra values."""
    schema = today()
    return {**schema, "fields": [one for one in schema["fields"] if one["name"] not in ("emissions", "provisional")]}


def as_older(record: dict, number: int) -> bytes:
    extra = None if record["emissions"] is None else {"emissions": record["emissions"]}
    return written_with(older_schema(), number, {**record, "extra_values": extra})


def test_a_topic_with_records_of_an_older_release_and_a_stream_to_which_a_schema_comes_later(spark, bootstrap, registry, name, tmp_path):
    source = f"{name}.nem.avro"
    topic = make_topic(bootstrap, f"{name}.evolved")
    older = registry.register(f"{topic}-value", older_schema())
    decoder = Decoder(registry)
    values = [(key, value, decoder.record(value)) for _, key, value in read_raw(bootstrap, [source])]
    half = len(values) // 2
    send_transaction(bootstrap, topic, [(key, as_older(record, older)) for key, _, record in values[:half]], commit=True)
    query = (read_stream(spark, bootstrap, topic, columns=all_columns(), key=True, schema_registry=registry.url).writeStream
             .format("memory").queryName("evolved").option("checkpointLocation", str(tmp_path / "checkpoint")).start())
    try:
        query.processAllAvailable()
        assert spark.table("evolved").count() == half
        # The daemon is upgraded: what it writes has an id that the stream does not know.
        registry.register(f"{topic}-value", today())
        assert {schema_id(value) for _, value, _ in values}.isdisjoint({older})
        send_transaction(bootstrap, topic, [(key, value) for key, value, _ in values[half:]], commit=True)
        query.processAllAvailable()
    finally:
        query.stop()
    json_rows = all_of(read(spark, bootstrap, f"{name}.nem.5m", columns=all_columns(), key=True))
    table = spark.table("evolved")
    assert all_of(table) == json_rows, difference(all_of(table), json_rows)
    assert table.where("metric = 'emissions' AND emissions IS NOT NULL").count() > half / 3
    # Begun now, it knows both.
    now = read(spark, bootstrap, topic, columns=all_columns(), key=True, schema_registry=registry.url)
    assert all_of(now) == json_rows, difference(all_of(now), json_rows)
    assert newest(now).count() == len({key for key, _, _ in values})


def test_records_of_a_newer_release_are_read_and_its_metric_by_name(spark, bootstrap, registry, name):
    topic = new_topic(bootstrap, "newer")
    newer = {**today(), "fields": [*today()["fields"], {"name": "storage_pumped", "type": ["null", "double"], "default": None}]}
    registry.register(f"{topic}-value", today())
    number = registry.register(f"{topic}-value", newer)
    record = Decoder(registry).record(read_raw(bootstrap, [f"{name}.nem.avro"])[0][2])
    known_as = {**record, "metric": "storage_pumped", "power": None, "emissions": None, "market_value": None}
    sent = [("a", written_with(newer, number, {**known_as, "storage_pumped": 7.5})),
            ("b", written_with(today(), registry.register(f"{topic}-value", today()), {**known_as, "extra_values": {"storage_pumped": 8.5}}))]
    send_transaction(bootstrap, topic, sent, commit=True)
    assert read(spark, bootstrap, topic, schema_registry=registry.url).count() == 2
    columns = columns_22().add("storage_pumped", DoubleType())
    found = read(spark, bootstrap, topic, columns=columns, key=True, schema_registry=registry.url).collect()
    assert sorted((row.key, row.storage_pumped) for row in found) == [("a", 7.5), ("b", 8.5)]


def test_aborted_records_are_not_seen(spark, bootstrap, registry, name):
    topic = new_topic(bootstrap, "aborted-avro", 1)
    registry.register(f"{topic}-value", today())
    (_, key, value), *_ = read_raw(bootstrap, [f"{name}.nem.avro"])
    for commit in (False, True, False):
        send_transaction(bootstrap, topic, [(key, value)], commit=commit)
    assert read(spark, bootstrap, topic, schema_registry=registry.url).count() == 1


def test_a_registry_behind_tls_a_login_and_a_proxy(registry, tmp_path, monkeypatch):
    subject = f"{uuid.uuid4().hex[:8]}-value"
    number = registry.register(subject, today())
    login = LoginFront(registry.port, "reader", "pass:word")
    front = TlsFront(tmp_path, "registry.test", login.port)
    proxy = ConnectProxy({"registry.test:443": front.port})
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    url = "https://registry.test/apis/ccompat/v7"
    try:
        reader = SchemaRegistry(url, username="reader", password="pass:word", ca_file=str(front.ca))
        assert json.loads(reader.schema(number))["name"] == today()["name"]
        assert set(reader.schemas_of(subject)) == {number} and reader.schemas_of("nobody-value") == {}
        assert "pass:word" not in repr(reader)
        with pytest.raises(SchemaRegistryError, match="refuses the login"):
            SchemaRegistry(url, username="reader", password="wrong", ca_file=str(front.ca)).schema(number)
        with pytest.raises(SchemaRegistryError, match="cannot be used: .*CERTIFICATE_VERIFY_FAILED"):
            SchemaRegistry(url, username="reader", password="pass:word").schema(number)
    finally:
        for part in (proxy, front, login):
            part.stop()


def test_the_wrong_format_is_told_in_a_line(spark, bootstrap, registry, name):
    with pytest.raises(Exception, match="this topic has records of Avro: say schema_registry="):
        read(spark, bootstrap, f"{name}.nem.avro").collect()
    with pytest.raises(Exception, match="values that are no Avro: leave schema_registry out"):
        read(spark, bootstrap, f"{name}.nem.5m", schema_registry=registry.url).collect()
    with pytest.raises(SchemaRegistryError, match="cannot be used"):
        read(spark, bootstrap, f"{name}.nem.avro", schema_registry="http://127.0.0.1:1")
