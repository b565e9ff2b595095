"""The examples of Spark as their users run them, by spark-submit, while data arrives; each table equal to what was published."""

import json
import uuid

import pytest
from kafka_io import make_topic, read_all, send_transaction
from published import World, expected_append, expected_newest, instant, newest_of, rows_22
from spark_job import ICEBERG_SETTINGS, SparkJob, batches, caught_up

STREAMS = {"nem": {"metrics": ["power", "emissions"], "secondary_grouping": "fueltech_group"},
           "nem-market": {"metrics": ["price", "demand"]},
           "wem": {"network_code": "WEM", "metrics": "power", "secondary_grouping": "fueltech_group"}}


@pytest.fixture(scope="module")
def world(bootstrap, tmp_path_factory):
    """Its daemon is stopped for each comparison, and goes on for the next example."""
    name = f"examples-{uuid.uuid4().hex[:6]}"
    with World(bootstrap, tmp_path_factory.mktemp("world"), name, streams=STREAMS, defaults={"start": "-3h"}) as running:
        running.wait_live()
        yield running


@pytest.fixture
def published(world):
    """A function that stops the daemon until the test's end; what the topics hold."""
    stopped = []

    def stop():
        stopped.append(True)
        return world.end()

    yield stop
    if stopped:
        world.go_on()
        world.wait_live()


def asked_by_the_old_options(records: list, metrics, networks=("NEM",)) -> list:
    def wanted(value):
        return (value["metric"] in metrics and value["network_code"] in networks and value["interval_size"] == "5m"
                and value["grouping"] == "network_region/fueltech_group")
    return [one for one in records if wanted(json.loads(one[2]))]


def shown_rows(said: str) -> list:
    """The rows of every table that a job showed on its terminal, by their columns."""
    rows, columns = [], []
    for line in said.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") and line.endswith("|") else []
        if cells and cells[0] == "interval":
            columns = cells
        elif cells and cells[0].startswith("2026"):
            rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def test_basic_shows_the_newest_rows_without_empty_columns(world, published, tmp_path):
    with SparkJob(tmp_path / "job", "pyspark_streaming_example.py", "--bootstrap", world.bootstrap, "--topics", world.topics("network"),
                  "--trigger", "2 seconds", kinds=("kafka",)) as job:
        job.wait_until(lambda: job.said().count("the newest") >= 3)
        shown = job.said()
        published()
    batch = shown.split("the newest")[1].splitlines()
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in batch if line.startswith("|")]
    assert lines[0] == ["interval", "network_code", "metric", "unit", "fueltech_group", "network_region", "power", "emissions"]
    assert all(any(row[place] != "NULL" for row in lines[1:]) for place in range(len(lines[0])))
    labels = [row[0] for row in lines[1:] if row[1] == "NEM"]
    assert len(labels) == 20 and labels == sorted(labels, reverse=True)
    assert labels[0] >= "2026-03-10 11:45:00"  # of NEM's clock, a little before noon


def test_delta_table_write_appends_the_22_columns(spark, world, published, tmp_path):
    table, checkpoint = tmp_path / "table", tmp_path / "checkpoint"
    with SparkJob(tmp_path / "job", "pyspark_streaming_example.py", "--mode", "delta", "--bootstrap", world.bootstrap, "--topics",
                  world.topics("network"), "--table", table, "--checkpoint", checkpoint, "--trigger", "2 seconds") as job:
        job.wait_until(lambda: batches(checkpoint) >= 3)
        records = published()
        job.wait_until(caught_up(world.bootstrap, checkpoint))
    asked = asked_by_the_old_options(records, ("power", "energy", "emissions", "market_value"))
    assert asked and rows_22(spark.read.format("delta").load(str(table))) == expected_append(asked)


def test_different_networks_are_one_stream(world, published, tmp_path):
    with SparkJob(tmp_path / "job", "pyspark_streaming_example.py", "--mode", "networks", "--bootstrap", world.bootstrap, "--topics",
                  world.topics("network"), "--trigger", "2 seconds", kinds=("kafka",)) as job:
        job.wait_until(lambda: job.said().count("the newest") >= 3)
        records = published()
    shown = shown_rows(job.said())
    assert {row["network_code"] for row in shown} == {"NEM", "WEM"}
    told = {(instant(value["interval"]), value["network_code"], value["fueltech_group"], value["network_region"], value["power"])
            for value in (json.loads(text) for _, _, text in asked_by_the_old_options(records, ("power",), ("NEM", "WEM")))}
    for row in shown:
        place = instant(row["interval"].replace(" ", "T") + "+10:00")
        power = None if row["power"] == "NULL" else float(row["power"])
        assert (place, row["network_code"], row["fueltech_group"], row["network_region"], power) in told, row


def test_custom_processing_reaches_the_second_topic_at_least_once(spark, world, published, tmp_path):
    import sys

    from parts import ROOT

    sys.path.insert(0, str(ROOT / "examples"))
    from pyspark_streaming_example import without_repeats

    sink = make_topic(world.bootstrap, f"{world.name}-processed", 2)
    table, checkpoint = tmp_path / "table", tmp_path / "checkpoint"
    job = SparkJob(tmp_path / "job", "pyspark_streaming_example.py", "--mode", "custom", "--bootstrap", world.bootstrap, "--topics",
                   world.topics("network"), "--table", table, "--checkpoint", checkpoint, "--sink-topic", sink, "--trigger", "1 second")
    with job:
        job.wait_until(lambda: batches(checkpoint / "kafka") >= 2 and batches(checkpoint / "delta") >= 2)
        job.kill()
        job.start()
        records = published()
        job.wait_until(caught_up(world.bootstrap, checkpoint / "kafka"))
        job.wait_until(caught_up(world.bootstrap, checkpoint / "delta"))
    asked = {(key, value["version"], None if value["power"] is None else float(value["power"]) / 1000)
             for key, value in ((key, {"power": None, **json.loads(text)}) for _, key, text in asked_by_the_old_options(records, ("power",)))}
    sent = [(key, json.loads(value)) for _, key, value in read_all(world.bootstrap, [sink])]
    assert {(key, value["version"], value["power_gw"]) for key, value in sent} == asked
    rows = spark.read.format("delta").load(str(table)).select("key", "version", "power_gw").collect()
    assert len(rows) == len(asked) and {tuple(row) for row in rows} == asked
    # A crash may send a batch again; where it did not, it is done here.
    again = read_all(world.bootstrap, [sink])[:10]
    send_transaction(world.bootstrap, sink, [(key, value) for _, key, value in again], commit=True)
    messages = spark.read.format("kafka").option("kafka.bootstrap.servers", world.bootstrap).option("subscribe", sink).load()
    assert messages.count() >= len(asked) + len(again) and without_repeats(messages).count() == len(asked)


def test_merge_holds_the_newest_value_of_each_point(spark, world, published, tmp_path):
    table, checkpoint = tmp_path / "table", tmp_path / "checkpoint"
    with SparkJob(tmp_path / "job", "merge_newest.py", "--bootstrap", world.bootstrap, "--topics", world.topics(), "--table", table,
                  "--checkpoint", checkpoint, "--trigger", "5 seconds") as job:
        job.wait_until(lambda: batches(checkpoint) >= 3)
        records = published()
        job.wait_until(caught_up(world.bootstrap, checkpoint))
    expected = expected_newest(records)
    assert newest_of(spark.read.format("delta").load(str(table))) == expected
    # Both are among them: null is null and 0 is 0.
    numbers = [number for _, row in expected.values() for number in row[7:]]
    assert None in numbers and 0.0 in numbers


def test_an_iceberg_table(spark, world, published, tmp_path):
    checkpoint, lake = tmp_path / "checkpoint", tmp_path / "lake"
    with SparkJob(tmp_path / "job", "iceberg_table.py", "--bootstrap", world.bootstrap, "--topics", world.topics(), "--checkpoint", checkpoint,
                  "--trigger", "2 seconds", kinds=("kafka", "iceberg"),
                  more={**ICEBERG_SETTINGS, "spark.sql.catalog.lake.warehouse": lake}) as job:
        job.wait_until(lambda: batches(checkpoint) >= 3)
        records = published()
        job.wait_until(caught_up(world.bootstrap, checkpoint))
    # Only appended to, never rewritten: its data files are its rows.
    rows = spark.read.option("recursiveFileLookup", "true").parquet(str(lake / "openelectricity" / "records" / "data"))
    assert rows_22(rows) == expected_append(records)
