"""The examples without Spark: what each of them finds on a topic with aborted records in it and two versions of a point, and on
topics of other kinds (of a whole network, wide, a key per series, not of data)."""

import csv
import datetime
import fcntl
import io
import json
import pathlib
import subprocess
import sys

import fastavro
import pytest
from confluent_kafka.admin import AdminClient
from kafka import cache_dir
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


def other(minute: int, version: int, key: str, **said) -> tuple:
    """Of a whole network unless it has a region."""
    at = f"2026-11-23T10:{minute:02}:00+10:00"
    value = {"interval": at, "network_code": "NEM", "interval_size": "5m", "stream": "s", "grouping": "total", "revision": 0,
             "version": version, "fetched_at": "2026-11-23T00:06:10.123Z", **said}
    return key.format(at), json.dumps(value)


def price(number) -> dict:
    return {"metric": "price", "unit": "$/MWh", "value": number, **({} if number is None else {"price": number})}


# A correction, and a number that was taken back.
KINDS = {
    "network": [other(5, 1, "v1|NEM|5m|price||{}", **price(10.0)), other(10, 2, "v1|NEM|5m|price||{}", **price(20)),
                other(5, 3, "v1|NEM|5m|price||{}", **price(11.5)), other(15, 4, "v1|NEM|5m|price||{}", **price(9.0)),
                other(15, 5, "v1|NEM|5m|price||{}", **price(None))],
    "wide": [other(5, 1, "v1|NEM|5m|*||{}", price=10, demand=7000.5), other(10, 2, "v1|NEM|5m|*||{}", price=20.0),
             other(5, 3, "v1|NEM|5m|*||{}", price=11.5), other(15, 4, "v1|NEM|5m|*||{}", price=9.0), other(15, 5, "v1|NEM|5m|*||{}")],
    "regions": [other(5, 1, "v1|NEM|5m|*|region=NSW1|{}", price=11.5, network_region="NSW1"),
                other(10, 2, "v1|NEM|5m|*|region=VIC1|{}", price=20.0, network_region="VIC1")],
    "series": [other(5, 1, "v1|NEM|5m|price|", **price(10.0)), other(10, 2, "v1|NEM|5m|price|", **price(20.0)),
               other(5, 3, "v1|NEM|5m|price|", **price(11.5))],
}
FOUND = [("00:05", "price", 11.5), ("00:10", "price", 20.0)]
UNITS = [("v1|facility|F|U", '{"facility_code":"F","unit_code":"U","lat":1.5,"fetched_at":"2026-11-23T00:06:10.123Z","version":1}'),
         ("v1|facility|F|U", None)]


@pytest.fixture(scope="module")
def kinds(bootstrap):
    """Topics by kind."""
    made = {kind: new_topic(bootstrap, kind) for kind in (*KINDS, "empty", "units", "fuels")}
    for kind, records in KINDS.items():
        send_transaction(bootstrap, made[kind], records, commit=True)
    send_transaction(bootstrap, made["units"], UNITS, commit=True)
    fuel = {"metric": "power", "power": 1.0, "value": 1.0, "grouping": "network/fueltech_group"}
    send_transaction(bootstrap, made["fuels"], [other(5, number, "v1|NEM|5m|power|fueltech_group=" + name + "|{}", fueltech_group=name, **fuel)
                                                for number, name in enumerate(("coal", "gas"))], commit=True)
    return made


def numbers_in(file) -> list:
    with open(file, encoding="utf-8") as lines:
        return sorted((row["interval"][11:16], row["metric"], float(row["value"])) for row in csv.DictReader(lines) if row["value"])


def refused(*command, given: str = None) -> str:
    done = subprocess.run([str(word) for word in command], input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize("kind", KINDS)
def test_pandas_and_polars_make_a_row_a_number_of_every_kind(bootstrap, kinds, kind, tmp_path):
    frames = [([EXAMPLES / "pandas_frame.py", bootstrap, kinds[kind]], ["--out"], None),
              ([EXAMPLES / "polars_frame.py"], [], tail(bootstrap, kinds[kind], tmp_path, "json"))]
    for command, out, given in frames:
        run(sys.executable, *command, *out, tmp_path / "out.csv", given=given)
        assert numbers_in(tmp_path / "out.csv") == FOUND, command[0].name
        shown = run(sys.executable, *command, given=given)
        assert "price" in shown and ("VIC1" in shown) == (kind == "regions")


def test_pandas_and_polars_tell_fuels_apart(bootstrap, kinds, tmp_path):
    given = tail(bootstrap, kinds["fuels"], tmp_path, "json")
    for command, said in (([EXAMPLES / "pandas_frame.py", bootstrap, kinds["fuels"]], None), ([EXAMPLES / "polars_frame.py"], given)):
        shown = run(sys.executable, *command, given=said)
        assert "coal" in shown and "gas" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_duckdb_has_the_means_of_every_kind(bootstrap, kinds, kind, tmp_path):
    run(sys.executable, EXAMPLES / "duckdb_query.py", tmp_path / "out.csv", given=tail(bootstrap, kinds[kind], tmp_path, "csv"))
    with open(tmp_path / "out.csv", encoding="utf-8") as lines:
        rows = [(row["network_region"], row["metric"], row["points"], float(row["mean"])) for row in csv.DictReader(lines)]
    assert rows == ([("NSW1", "price", "1", 11.5), ("VIC1", "price", "1", 20.0)] if kind == "regions" else [("", "price", "2", 15.75)])


def test_two_wide_streams_whose_keys_are_the_same_are_both_there(tmp_path):
    lines = [json.loads(text) for _, text in (other(5, 1, "", stream="data", power=1.5), other(5, 2, "", stream="market", price=11.5))]
    given = "".join(json.dumps(one) + "\n" for one in lines)
    run(sys.executable, EXAMPLES / "polars_frame.py", tmp_path / "out.csv", given=given)
    assert numbers_in(tmp_path / "out.csv") == [("00:05", "power", 1.5), ("00:05", "price", 11.5)]


def test_what_is_no_data_is_told_in_a_line(bootstrap, kinds, tmp_path):
    assert refused(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, kinds["empty"]) == f"{kinds['empty']} has no records yet"
    assert refused(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, kinds["units"]) == f"{kinds['units']} has other records than data"
    assert refused(sys.executable, EXAMPLES / "polars_frame.py", given="") == "there are no records yet"
    assert "no records of data" in refused(sys.executable, EXAMPLES / "polars_frame.py", given=UNITS[0][1] + "\n")
    fuels = tail(bootstrap, kinds["fuels"], tmp_path, "csv")
    assert refused(sys.executable, EXAMPLES / "duckdb_query.py", given=fuels) == (
        "no price or demand; there is power by network/fueltech_group")
    assert refused(sys.executable, EXAMPLES / "duckdb_query.py", given=fuels.splitlines()[0] + "\n") == (
        "no price or demand; there is no record")
    assert "no records of data" in refused(sys.executable, EXAMPLES / "duckdb_query.py", given="facility_code,unit_code\nF,U\n")
    assert json.loads(run(sys.executable, EXAMPLES / "confluent_consumer.py", bootstrap, kinds["units"]))["unit_code"] == "U"


def test_series_that_only_newer_labels_tell_apart_are_both_there(tmp_path):
    records = [json.loads(other(5, number, "", **price(10.0 * number), extra={"bidding_zone": zone, "deep": [number]})[1])
               for number, zone in ((1, "east"), (2, "west"))] + [json.loads(other(5, 3, "", **price(30.0))[1])]
    run(sys.executable, EXAMPLES / "polars_frame.py", tmp_path / "out.csv", given="".join(json.dumps(one) + "\n" for one in records))
    assert numbers_in(tmp_path / "out.csv") == [("00:05", "price", 10.0), ("00:05", "price", 20.0), ("00:05", "price", 30.0)]
    assert "west" in run(sys.executable, EXAMPLES / "polars_frame.py", given="".join(json.dumps(one) + "\n" for one in records))
    rows = io.StringIO()
    printed = csv.DictWriter(rows, csv_columns())
    printed.writeheader()
    printed.writerows({**one, "extra": json.dumps(one["extra"]) if "extra" in one else ""} for one in records)
    run(sys.executable, EXAMPLES / "duckdb_query.py", tmp_path / "means.csv", given=rows.getvalue())
    with open(tmp_path / "means.csv", encoding="utf-8") as lines:
        assert [(row["points"], float(row["mean"])) for row in csv.DictReader(lines)] == [("3", 20.0)]


def csv_columns() -> list:
    schema = run(BINARIES / "openelectricity-stream", "schema", "--format", "markdown")
    return [line.split("`")[1] for line in schema.splitlines() if line.startswith("| `")]


def test_a_topic_that_is_not_there_is_told_and_not_made(bootstrap, tmp_path):
    from kafka import fetch

    java = ["java", "-cp", f"{fetch()}/*", EXAMPLES / "ReadCommitted.java"]
    for command in ([sys.executable, EXAMPLES / "confluent_consumer.py"], java):
        assert "there is no topic no.such.topic" in refused(*command, bootstrap, "no.such.topic")
    assert "no topic" in refused(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, "no.such.topic")
    assert "no.such.topic" not in AdminClient({"bootstrap.servers": bootstrap}).list_topics(timeout=15).topics


def test_without_arguments_the_consumers_say_which():
    assert refused(sys.executable, EXAMPLES / "confluent_consumer.py") == "confluent_consumer.py BOOTSTRAP TOPIC"
    assert refused(sys.executable, EXAMPLES / "avro_consumer.py") == "avro_consumer.py BOOTSTRAP TOPIC REGISTRY"


def run(*command, given: str = None, seconds: float = 120, **more) -> str:
    done = subprocess.run([str(word) for word in command], input=given, capture_output=True, text=True, timeout=seconds, check=False, **more)
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


def test_kcat_passes_over_tombstones(bootstrap, kinds):
    assert len(run(EXAMPLES / "kcat.sh", bootstrap, kinds["units"]).splitlines()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_kcat_of_every_kind(bootstrap, kinds, kind):
    found = [json.loads(line)[1] for line in run(EXAMPLES / "kcat.sh", bootstrap, kinds[kind]).splitlines()]
    assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, {
        "network": [11.5, 20, None], "wide": [{"price": 11.5}, {"price": 20}, {}], "regions": [{"price": 11.5}, {"price": 20}],
        "series": [11.5, 20]}[kind]))


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
    assert prices(run(sys.executable, EXAMPLES / "avro_consumer.py", bootstrap, topic, registry + "/")) == [0.0, 10.0, 20.0, 21.5]
    run(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, topic, "--registry", registry, "--out", tmp_path / "out.csv")
    assert values_by_interval(tmp_path / "out.csv") == NEWEST


def test_the_other_format_is_told_in_a_line(bootstrap, topic, avro_topic):
    assert "records of Avro" in refused(sys.executable, EXAMPLES / "confluent_consumer.py", bootstrap, avro_topic[0])
    assert "records of Avro" in refused(sys.executable, EXAMPLES / "pandas_frame.py", bootstrap, avro_topic[0])
    assert "records of JSON" in refused(sys.executable, EXAMPLES / "avro_consumer.py", bootstrap, topic, avro_topic[1])


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


def flink_jars() -> pathlib.Path:
    """What flink.pom.xml names; fetched once."""
    home = cache_dir() / "flink-2.2.1"
    home.mkdir(parents=True, exist_ok=True)
    with open(home / ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            subprocess.run(["mvn", "-q", "-B", "-f", EXAMPLES / "flink.pom.xml", "dependency:copy-dependencies", "-DincludeScope=runtime",
                            f"-DoutputDirectory={home}/lib"], stdin=subprocess.DEVNULL, timeout=900, check=True)
            (home / "ready").touch()
    return home / "lib"


def test_flink_reads_committed_records_and_would_not_without_the_setting(bootstrap, tmp_path):
    def timed(minute: int, version: int, number, revision: int = 0) -> tuple:
        key, text = record(minute, version, number, revision)
        began = {"interval_start": f"2026-11-23T00:{minute - 5:02}:00Z", "interval_end": f"2026-11-23T00:{minute:02}:00Z"}
        return key, json.dumps({**json.loads(text), **began})

    topic = new_topic(bootstrap, "flink", partitions=2)
    send_transaction(bootstrap, topic, [timed(5, 1, 10.0), timed(10, 2, 20.0), timed(15, 3, 30.0)], commit=True)
    send_transaction(bootstrap, topic, [timed(5, 90, 666.0)], commit=False)
    send_transaction(bootstrap, topic, [timed(10, 4, 21.5, 1), timed(15, 5, None, 1), timed(20, 6, 0.0)], commit=True)
    source = (EXAMPLES / "FlinkRead.java").read_text(encoding="utf-8")
    without = source.replace("'properties.isolation.level' = 'read_committed',", "")
    assert without != source
    found = {}
    for name, text in (("with", source), ("without", without)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "FlinkRead.java").write_text(text, encoding="utf-8")
        said = run("java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "--add-opens", "java.base/java.util=ALL-UNNAMED", "--add-opens",
                   "java.base/java.lang=ALL-UNNAMED", "-cp", f"{flink_jars()}/*", tmp_path / name / "FlinkRead.java", bootstrap, topic,
                   seconds=600)
        found[name] = [line for line in said.splitlines() if line.startswith("+I[")]
    behind = ["+I[NSW1, price, 2026-11-23T00:10:00Z, 21.5]", "+I[NSW1, price, 2026-11-23T00:20:00Z, 0.0]"]
    assert found["with"] == ["+I[NSW1, price, 2026-11-23T00:05:00Z, 10.0]", *behind]
    assert found["without"] == ["+I[NSW1, price, 2026-11-23T00:05:00Z, 666.0]", *behind]
