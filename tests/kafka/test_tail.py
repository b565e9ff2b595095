"""`tail` on a real Kafka: committed records alone, in three forms, from where it is asked, and how it ends."""

import csv
import io
import json
import select
import signal
import subprocess
import time

import pytest
from confluent_kafka.admin import AdminClient
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
    assert "--from: 'yesterday' is none of" in tail(config, "--from", "yesterday", code=2)
