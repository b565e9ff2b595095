"""`tail` on a real Kafka: committed records alone, in three forms, from where it is asked, and how it ends."""

import csv
import io
import itertools
import json
import select
import signal
import subprocess
import threading
import time
import uuid

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic
from kafka_io import new_topic, read_all, send_transaction
from parts import BINARIES

PROGRAM = BINARIES / "openelectricity-stream"
LONG = {"interval": "2026-03-10T12:05:00+10:00", "network_code": "NEM", "metric": "power", "unit": "MW",
        "network_region": "NSW1", "value": 1234.5, "interval_size": "5m", "stream": "nem", "grouping": "network_region",
        "revision": 0, "version": 1}


def record(number: int, **other) -> str:
    return json.dumps({**LONG, "power": 1234.5 + number, "value": 1234.5 + number, "version": number, **other},
                      separators=(",", ":"))


@pytest.fixture(scope="module")
def world(tmp_path_factory, bootstrap):
    """Thirty committed records in three partitions, aborted ones between and behind them."""
    topic = new_topic(bootstrap, "tail")
    send_transaction(bootstrap, topic, [(f"k{i}", record(i)) for i in range(15)], commit=True)
    send_transaction(bootstrap, topic, [(f"k{i}", record(1000 + i)) for i in range(30)], commit=False)
    send_transaction(bootstrap, topic, [(f"k{i}", record(i)) for i in range(15, 30)], commit=True)
    send_transaction(bootstrap, topic, [(f"k{i}", record(2000 + i)) for i in range(300)], commit=False)
    config = tmp_path_factory.mktemp("tail") / "tail.yaml"
    config.write_text(f"kafka: {{bootstrap_servers: '{bootstrap}'}}\nstreams: [{{name: nem, topic: {topic}}}]\n")
    return topic, config


def start(config, *arguments, pipe_of: int = 65536) -> subprocess.Popen:
    return subprocess.Popen([PROGRAM, "tail", "--config", config, *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, pipesize=pipe_of)


def tail(config, *arguments, code: int = 0) -> str:
    process = start(config, *arguments)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == code, complained
    return said if code == 0 else complained


def versions(said: str) -> list:
    return [json.loads(line)["version"] for line in said.splitlines()]


def test_json_is_what_committed_readers_find_and_no_group_is_left(world, bootstrap):
    topic, config = world
    admin = AdminClient({"bootstrap.servers": bootstrap})
    before = {group.group_id for group in admin.list_consumer_groups().result(30).valid}
    said = tail(config, "--from", "earliest", "--to-end", "--format", "json")
    assert {group.group_id for group in admin.list_consumer_groups().result(30).valid} == before
    assert sorted(said.splitlines()) == sorted(value for _, _, value in read_all(bootstrap, [topic]))
    assert sorted(versions(said)) == list(range(30))


def test_the_newest_are_found_behind_aborted_ones_in_the_order_of_their_making(world):
    topic, config = world
    found = versions(tail(config, "--from", "-15", "--to-end", "--format", "json"))
    assert sorted(found) == list(range(15, 30))
    assert len(versions(tail(config, "--from", "-0", "--to-end", "--format", "json"))) == 0
    assert len(versions(tail(config, "--from", "-500", "--to-end", "--format", "json"))) == 30
    assert len(tail(config, "--to-end").splitlines()) == 10


def test_the_newest_of_one_transaction_are_its_last_records_in_their_order(bootstrap, world):
    """As after a first start: all is committed at once, and series lie in partitions of their own."""
    topic = new_topic(bootstrap, "tail")
    series, hours = [f"S{number}" for number in range(8)], [f"2026-03-10T{hour:02}:00:00" for hour in range(24)]
    made = [(one, record(version, interval=f"{hour}+10:00", interval_end=f"{hour}Z", network_region=one))
            for version, (hour, one) in enumerate(itertools.product(hours, series))]
    send_transaction(bootstrap, topic, made, commit=True, produced=1_773_136_800_000)
    found = versions(tail(world[1], "--topic", topic, "--to-end", "--format", "json"))
    assert found == list(range(len(made) - 10, len(made)))


def test_records_of_one_version_come_by_interval(bootstrap, world):
    topic = new_topic(bootstrap, "tail")
    ends = [f"2026-03-10T02:{minute:02}:00Z" for minute in range(0, 60, 5)]
    made = [(f"k{end}", record(7, interval_end=end)) for end in reversed(ends)]
    send_transaction(bootstrap, topic, made, commit=True)
    said = tail(world[1], "--topic", topic, "--from", "-4", "--to-end", "--format", "json")
    assert [json.loads(line)["interval_end"] for line in said.splitlines()] == ends[-4:]


def test_csv_has_the_columns_of_the_schema_and_the_digits_as_they_are(world):
    topic, config = world
    rows = list(csv.DictReader(io.StringIO(tail(config, "--from", "earliest", "--to-end", "--format", "csv"))))
    markdown = subprocess.run([PROGRAM, "schema", "--format", "markdown"], capture_output=True, text=True, check=True).stdout
    assert list(rows[0]) == [line.split("`")[1] for line in markdown.splitlines() if line.startswith("| `")]
    assert {row["power"] for row in rows} == {str(1234.5 + i) for i in range(30)}
    assert {row["price"] for row in rows} == {""}
    assert tail(config, "--from", "latest", "--to-end", "--format", "csv").count("\n") == 1  # the header alone


def test_a_table_for_people_and_a_limit(world):
    topic, config = world
    said = tail(config, "--from", "earliest", "--limit", "3")
    assert len(said.splitlines()) == 3
    assert said.startswith("03-10 12:05 +10:00  NEM NSW1 ")
    assert "1,2" in said and " MW" in said


def test_what_is_no_record_is_no_row_and_does_not_count(world, bootstrap):
    topic = new_topic(bootstrap, "tail")
    deep = "[" * 200_000 + "]" * 200_000
    values = ["not JSON", record(1, extra=None).replace("null", deep), deep, record(2), record(3)]
    send_transaction(bootstrap, topic, [("k", value) for value in values], commit=True)
    csv.field_size_limit(1_000_000)
    said = tail(world[1], "--topic", topic, "--from", "earliest", "--format", "csv", "--limit", "2")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert [row["version"] for row in rows] == ["1", "2"]
    assert rows[0]["extra"] == deep
    assert len(tail(world[1], "--topic", topic, "--from", "earliest", "--to-end", "--limit", "2").splitlines()) == 2


UNIT = '{"facility_code":"F","facility_name":"Name","unit_code":"U","status":"operating","version":1}'


def test_what_is_no_record_is_told_once_and_neither_a_row_nor_counted(world, bootstrap):
    topic = new_topic(bootstrap, "tail", partitions=1)
    send_transaction(bootstrap, topic, [("k", value) for value in ("{}", '{"a":1}', "not JSON", record(1), UNIT, record(2), record(3))],
                     commit=True)
    process = start(world[1], "--topic", topic, "--from", "earliest", "--format", "csv", "--limit", "2")
    said, complained = process.communicate(timeout=60)
    assert [row["version"] for row in csv.DictReader(io.StringIO(said))] == ["1", "2"]
    assert complained.count(f"topic {topic}: a record is left out") == 1 and process.returncode == 0


def test_the_columns_are_those_of_the_first_record_whatever_the_topic_is_called(world, bootstrap):
    topic = new_topic(bootstrap, "tail", partitions=1)
    send_transaction(bootstrap, topic, [("v1|facility|F|U", UNIT)], commit=True)
    said = tail(world[1], "--topic", topic, "--from", "earliest", "--to-end", "--format", "csv")
    assert [row["facility_name"] for row in csv.DictReader(io.StringIO(said))] == ["Name"]


def test_the_newest_are_counted_as_they_are_printed(world, bootstrap):
    topic = new_topic(bootstrap, "tail", partitions=1)
    send_transaction(bootstrap, topic, [("v1|facility|F|U", UNIT)] + [(f"v1|facility|F|X{i}", None) for i in range(300)], commit=True)
    assert tail(world[1], "--topic", topic, "--from", "-10", "--to-end", "--format", "json") == UNIT + "\n"
    other = new_topic(bootstrap, "tail", partitions=1)
    send_transaction(bootstrap, other, [("k", record(1))] + [("k", "{}")] * 300, commit=True)
    said = tail(world[1], "--topic", other, "--from", "-10", "--to-end", "--format", "csv")
    assert [row["version"] for row in csv.DictReader(io.StringIO(said))] == ["1"]


def test_a_metric_without_a_column_is_told_once(world, bootstrap):
    topic = new_topic(bootstrap, "tail", partitions=1)
    wide = {name: value for name, value in LONG.items() if name not in ("metric", "unit", "value")}
    send_transaction(bootstrap, topic, [("k", json.dumps({**wide, "tides": 2.5}))] * 2, commit=True)
    process = start(world[1], "--topic", topic, "--from", "earliest", "--to-end", "--format", "csv")
    said, complained = process.communicate(timeout=60)
    assert len(said.splitlines()) == 3 and complained == (
        f"topic {topic}: metric tides is newer than this release and has no column; --format json has it\n")
    assert "tides 2.50" in tail(world[1], "--topic", topic, "--from", "earliest", "--to-end")


def test_a_broker_that_is_not_there_is_told_by_its_address_and_cause(tmp_path):
    config = tmp_path / "tail.yaml"
    config.write_text("kafka: {bootstrap_servers: '127.0.0.1:1'}\nstreams: [{name: nem}]\n")
    said = tail(config, code=1)
    assert "Kafka does not answer: 127.0.0.1:1" in said and "Connection refused" in said and "topic" not in said


def test_by_time(world):
    topic, config = world
    assert len(versions(tail(config, "--topic", topic, "--from", "2020-01-01", "--to-end", "--format", "json"))) == 30
    assert tail(config, "--topic", topic, "--from", "2100-01-01T00:00:00Z", "--to-end", "--format", "json") == ""


def test_it_follows_and_a_signal_ends_it_well(world, bootstrap, tmp_path):
    topic = new_topic(bootstrap, "tail")
    send_transaction(bootstrap, topic, [("k", record(1))], commit=True)
    process = start(world[1], "--topic", topic, "--from", "earliest", "--format", "json")
    assert json.loads(process.stdout.readline())["version"] == 1
    send_transaction(bootstrap, topic, [("k", record(2))], commit=False)
    send_transaction(bootstrap, topic, [("k", record(3))], commit=True)
    assert json.loads(process.stdout.readline())["version"] == 3
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert process.stderr.read() == ""


def test_partitions_that_are_added_are_read_from_their_beginning(world, bootstrap):
    topic, late = new_topic(bootstrap, "tail", partitions=1), f"tail-late.{uuid.uuid4().hex}"
    send_transaction(bootstrap, topic, [("k", record(1))], commit=True)
    process = start(world[1], "--topic", topic, "--topic", late, "--from", "-1", "--format", "json")
    assert json.loads(process.stdout.readline())["version"] == 1
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_partitions([NewPartitions(topic, 3)])[topic].result(30)
    admin.create_topics([NewTopic(late, 1)])[late].result(30)
    producer = Producer({"bootstrap.servers": bootstrap})
    for where, partition, version in ((topic, 1, 2), (topic, 2, 3), (late, 0, 4)):
        producer.produce(where, key="k", value=record(version), partition=partition)
    producer.flush(30)
    watchdog = threading.Timer(90, process.kill)
    watchdog.start()
    found = {json.loads(line)["version"] for line in itertools.islice(process.stdout, 3)}
    watchdog.cancel()
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), found) == (0, {2, 3, 4})


def test_a_reader_that_goes_away_ends_it_well_though_nothing_more_comes(world):
    topic, config = world
    process = start(config, "--from", "earliest", "--format", "json")
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 0


def test_a_signal_ends_it_while_its_reader_takes_nothing(world):
    process = start(world[1], "--from", "earliest", "--format", "json", pipe_of=4096)
    assert select.select([process.stdout], [], [], 60)[0]
    time.sleep(1)  # the pipe is full by then, or it has not got so far: it ends either way
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_what_cannot_be_read_is_said(world):
    topic, config = world
    assert "topic no-such-topic is not there" in tail(config, "--topic", "no-such-topic", code=1)
    assert "did you mean 'nem'?" in tail(config, "--stream", "nme", code=2)
    for words in (("tail", "--format", "xml"), ("tail", "--format", "1"), ("schema", "--format", "xml")):
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2 and f"--format: {words[-1]} not in {{" in done.stderr and "->" not in done.stderr
    assert "--from: 'yesterday' is none of" in tail(config, "--from", "yesterday", code=2)
