"""The examples without Spark, on a topic with aborted records in it and two versions of a point: what each of them finds."""

import csv
import datetime
import io
import json
import subprocess
import sys

import fastavro
import pytest
from kafka_io import new_topic, send_transaction
from parts import BINARIES, ROOT
from registry import Registry


pytestmark = pytest.mark.one_line
EXAMPLES = ROOT / "examples" / "without_spark"


def record(minute: int, version: int, number: float, revision: int = 0) -> tuple:
    at = f"2026-11-23T10:{minute:02}:00+10:00"
    value = {"interval": at, "network_code": "NEM", "metric": "price", "unit": "$/MWh", "network_region": "NSW1", "price": number,
             "value": number, "interval_size": "5m", "stream": "s", "grouping": "network_region", "revision": revision,
             "version": version, "fetched_at": "2026-11-23T00:06:10.123Z"}
    return f"v1|NEM|5m|price|region=NSW1|{at}", json.dumps(value, separators=(",", ":"))


@pytest.fixture(scope="module")
def topic(bootstrap):
    """Three points, one of them corrected; aborted values of all of them between and behind."""
    made = new_topic(bootstrap, "plain", partitions=2)
    send_transaction(bootstrap, made, [record(5, 1, 10.0), record(10, 2, 20.0)], commit=True)
    send_transaction(bootstrap, made, [record(minute, 100 + minute, 666.0) for minute in (5, 10, 15)], commit=False)
    send_transaction(bootstrap, made, [record(10, 3, 21.5, 1), record(15, 4, 0.0)], commit=True)
    send_transaction(bootstrap, made, [record(minute, 200 + minute, 777.0) for minute in (5, 10, 15)], commit=False)
    return made


def run(*command, given: str = None, **more) -> str:
    done = subprocess.run([str(word) for word in command], input=given, capture_output=True, text=True, timeout=120, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tail(bootstrap: str, topic: str, folder, form: str) -> str:
    config = folder / "tail.yaml"
    config.write_text(f"kafka: {{bootstrap_servers: '{bootstrap}'}}\nstreams: [{{name: s, topic: {topic}}}]\n")
    return run(BINARIES / "openelectricity-stream", "tail", "--config", config, "--from", "earliest", "--to-end", "--format", form)


def values_by_interval(file) -> list:
    with open(file, encoding="utf-8") as lines:
        return sorted((row["interval"][11:16], float(row["value"])) for row in csv.DictReader(lines))


NEWEST = [("00:05", 10.0), ("00:10", 21.5), ("00:15", 0.0)]  # UTC


def test_duckdb(bootstrap, topic, tmp_path):
    given = tail(bootstrap, topic, tmp_path, "csv")
    run(sys.executable, EXAMPLES / "duckdb_query.py", tmp_path / "out.csv", given=given)
    with open(tmp_path / "out.csv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["network_region"], row["metric"], row["points"], float(row["mean"])) for row in rows] == [("NSW1", "price", "3", 10.5)]
    assert "NSW1" in run(sys.executable, EXAMPLES / "duckdb_query.py", given=given)


def test_polars(bootstrap, topic, tmp_path):
    given = tail(bootstrap, topic, tmp_path, "json")
    run(sys.executable, EXAMPLES / "polars_frame.py", tmp_path / "out.csv", given=given)
    assert values_by_interval(tmp_path / "out.csv") == NEWEST
    assert "NSW1" in run(sys.executable, EXAMPLES / "polars_frame.py", given=given)


def test_pandas(bootstrap, topic, tmp_path):
    run(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, topic, "--out", tmp_path / "out.csv")
    assert values_by_interval(tmp_path / "out.csv") == NEWEST
    assert "NSW1" in run(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, topic)


def test_kcat(bootstrap, topic):
    found = [json.loads(line) for line in run(EXAMPLES / "kcat.sh", bootstrap, topic).splitlines()]
    assert sorted((key[-14:-9], number) for key, number in found) == [("10:05", 10.0), ("10:10", 21.5), ("10:15", 0.0)]


def prices(said: str) -> list:
    return sorted(json.loads(line)["price"] for line in said.splitlines())


def test_confluent_kafka(bootstrap, topic):
    assert prices(run(sys.executable, EXAMPLES / "confluent_consumer.py", bootstrap, topic)) == [0.0, 10.0, 20.0, 21.5]


@pytest.fixture(scope="module")
def avro_topic(bootstrap, tmp_path_factory):
    """The same as Avro, with the registry's address; the correction by an older release, to which price was an extra value."""
    with Registry(tmp_path_factory.mktemp("registry")) as registry:
        made = new_topic(bootstrap, "plain-avro", partitions=2)
        today = json.loads(run(BINARIES / "openelectricity-stream", "schema", "--format", "avro"))
        older = {**today, "fields": [one for one in today["fields"] if one["name"] != "price"]}
        ids = [registry.register(f"{made}-value", schema) for schema in (older, today)]

        def avro(minute: int, version: int, number: float, schema: dict = today) -> tuple:
            key, text = record(minute, version, number)
            said = {**json.loads(text), "extra_values": {"price": number} if schema is older else None}
            said = {name: datetime.datetime.fromisoformat(one.replace("Z", "+00:00")) if name in ("interval", "fetched_at") else one
                    for name, one in said.items()}
            out = io.BytesIO()
            fastavro.schemaless_writer(out, fastavro.parse_schema(schema), {one["name"]: said.get(one["name"]) for one in schema["fields"]})
            return key, b"\0" + ids[schema is today].to_bytes(4, "big") + out.getvalue()

        send_transaction(bootstrap, made, [avro(5, 1, 10.0), avro(10, 2, 20.0)], commit=True)
        send_transaction(bootstrap, made, [avro(minute, 100 + minute, 666.0) for minute in (5, 10, 15)], commit=False)
        send_transaction(bootstrap, made, [avro(10, 3, 21.5, older), avro(15, 4, 0.0)], commit=True)
        yield made, registry.url


def test_avro_with_confluent_kafka_and_pandas(bootstrap, avro_topic, tmp_path):
    topic, registry = avro_topic
    assert prices(run(sys.executable, EXAMPLES / "avro_consumer.py", bootstrap, topic, registry)) == [0.0, 10.0, 20.0, 21.5]
    run(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, topic, "--registry", registry, "--out", tmp_path / "out.csv")
    assert values_by_interval(tmp_path / "out.csv") == NEWEST


def test_java_reads_committed_records_and_would_not_without_the_setting(bootstrap, topic, tmp_path):
    from kafka import fetch

    source = (EXAMPLES / "ReadCommitted.java").read_text(encoding="utf-8")
    without = source.replace('"enable.auto.commit", "false",', '"enable.auto.commit", "false"').replace('"isolation.level", "read_committed"', "")
    assert without.count("read_committed") == 0
    for name, text in (("with", source), ("without", without)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ReadCommitted.java").write_text(text, encoding="utf-8")
    java = ["java", "-cp", f"{fetch()}/*"]
    assert prices(run(*java, tmp_path / "with" / "ReadCommitted.java", bootstrap, topic)) == [0.0, 10.0, 20.0, 21.5]
    assert {666.0, 777.0} < set(prices(run(*java, tmp_path / "without" / "ReadCommitted.java", bootstrap, topic)))
