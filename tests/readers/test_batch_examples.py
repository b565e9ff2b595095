"""The examples that read what the topics hold now: hourly means, facilities joined; and what a watermark does to late records."""

import json
import sys
import uuid
from collections import defaultdict

import pytest
from kafka_io import new_topic, read_all, send_transaction
from openelectricity_kafka import all_columns, facilities, read_stream
from parts import ROOT
from published import World, instant
from pyspark.sql import functions as F
from spark_job import SparkJob, batches, caught_up

sys.path.insert(0, str(ROOT / "examples"))

STREAMS = {"nem-market": {"metrics": ["price", "demand"]},
           "wem-market": {"network_code": "WEM", "metrics": "price"},
           "units": {"facility_code": "all", "fueltech": "wind", "network_region": "VIC1", "metrics": "power"}}


@pytest.fixture(scope="module")
def published(bootstrap, tmp_path_factory):
    """(world, what its topics hold); the daemon has ended."""
    name = f"batch-{uuid.uuid4().hex[:6]}"
    with World(bootstrap, tmp_path_factory.mktemp("world"), name, streams=STREAMS, defaults={"start": "-3h"},
               facilities={"enabled": True, "topic": f"{name}.facilities"}) as world:
        world.wait_live()
        before = world.transactions()
        world.daemon.wait_until(lambda: world.transactions() > before + 6, 120)
        yield world, world.end()


def newest_values(records: list) -> list:
    found = {}
    for _, key, text in records:
        value = json.loads(text)
        if key not in found or value["version"] > found[key]["version"]:
            found[key] = value
    return list(found.values())


def test_hourly_means_are_those_of_the_newest_values(spark, published, tmp_path):
    world, records = published
    with SparkJob(tmp_path / "job", "hourly_aggregation.py", "--bootstrap", world.bootstrap, "--topics", world.topics("market"), "--out",
                  tmp_path / "out", kinds=("kafka",)) as job:
        job.wait_end()
    sums = defaultdict(list)
    for value in newest_values(records):
        if value["metric"] in ("price", "demand") and value["value"] is not None and value["grouping"] == "network_region":
            hour = instant(value.get("interval_start", value["interval"])) // 3600 * 3600
            sums[(value["network_code"], value["network_region"], hour, value["metric"])].append(value["value"])
    found = {}
    for row in spark.read.parquet(str(tmp_path / "out")).withColumn("at", F.unix_seconds("hour")).collect():
        for metric in ("price", "demand"):
            if row[metric] is not None:
                found[(row.network_code, row.network_region, row["at"], metric)] = row[metric]
    assert found == pytest.approx({place: sum(values) / len(values) for place, values in sums.items()})
    assert {place[0] for place in found} == {"NEM", "WEM"}


def test_hourly_means_are_shown_on_a_terminal(published, tmp_path):
    world, _ = published
    with SparkJob(tmp_path / "job", "hourly_aggregation.py", "--bootstrap", world.bootstrap, "--topics", world.topics("market"),
                  kinds=("kafka",)) as job:
        said = job.wait_end()
    assert "|hour " in said and "|NEM " in said


def test_units_have_the_names_of_their_facilities(spark, published, tmp_path):
    world, records = published
    with SparkJob(tmp_path / "job", "facilities_joined.py", "--bootstrap", world.bootstrap, "--topics", world.topics("facility"),
                  "--facilities-topic", f"{world.name}.facilities", "--out", tmp_path / "out", kinds=("kafka",)) as job:
        job.wait_end()
    rows = spark.read.parquet(str(tmp_path / "out")).collect()
    points = [value for value in newest_values(records) if value.get("unit_code")]
    assert len(rows) == len(points) > 100
    assert {(row.fuel, row.region) for row in rows} == {("wind", "VIC1")} and all(row.facility_name for row in rows)
    listed = newest_values(read_all(world.bootstrap, [f"{world.name}.facilities"]))
    assert facilities(spark, world.bootstrap, f"{world.name}.facilities").count() == len(listed)


def test_a_unit_that_ended_with_a_tombstone_is_not_in_the_list(spark, bootstrap):
    topic = new_topic(bootstrap, "facilities")
    unit = '{{"facility_code":"F","unit_code":"{0}","fetched_at":"2026-11-23T00:06:10.123Z","version":{1}}}'
    for version in (1, 2):
        send_transaction(bootstrap, topic, [(f"v1|facility|F|{code}", unit.format(code, version)) for code in "AB"], commit=True)
    send_transaction(bootstrap, topic, [("v1|facility|F|B", None)], commit=True)
    assert [(row.unit_code, row.version) for row in facilities(spark, bootstrap, topic).collect()] == [("A", 2)]


def price(start: str, version: int, number: float) -> tuple:
    """A record of the five minutes from `start` (UTC) on."""
    at = f"2026-11-23T{start}:00Z"
    value = {"interval": at, "network_code": "NEM", "metric": "price", "unit": "$/MWh", "network_region": "NSW1", "price": number,
             "value": number, "interval_size": "5m", "interval_start": at, "interval_end": at, "stream": "s",
             "grouping": "network_region", "revision": 0, "version": version, "fetched_at": at}
    return f"v1|NEM|5m|price|region=NSW1|{at}", json.dumps(value)


def test_a_watermark_counts_what_is_late_enough_and_drops_what_is_later(spark, bootstrap, tmp_path):
    from late_data import hourly

    topic = new_topic(bootstrap, "late", partitions=1)

    def batch(*records):
        send_transaction(bootstrap, topic, list(records), commit=True)
        rows = hourly(read_stream(spark, bootstrap, topic, columns=all_columns(), key=True), "1 hour")
        query = (rows.writeStream.format("parquet").option("checkpointLocation", str(tmp_path / "checkpoint")).trigger(availableNow=True)
                 .start(str(tmp_path / "out")))
        assert query.awaitTermination(240), "Spark did not finish"
        if query.exception():
            raise query.exception()
        written = spark.read.parquet(str(tmp_path / "out")) if list((tmp_path / "out").glob("*.parquet")) else None
        return sorted((row.hour.hour, row.price, row.points) for row in written.collect()) if written else []

    assert batch(price("01:00", 1, 10.0), price("01:05", 2, 20.0)) == []
    assert batch(price("01:05", 3, 40.0), price("02:30", 4, 1.0)) == []  # a correction that is not late
    assert batch(price("04:00", 5, 1.0)) == [(1, 25.0, 2), (2, 1.0, 1)]
    assert batch(price("01:00", 6, 999.0), price("06:30", 7, 1.0)) == [(1, 25.0, 2), (2, 1.0, 1), (4, 1.0, 1)]  # and one that is


def test_hours_are_written_once_the_watermark_has_passed_them(spark, bootstrap, tmp_path):
    name = f"late-{uuid.uuid4().hex[:6]}"
    out, checkpoint = tmp_path / "out", tmp_path / "checkpoint"
    # Each point once and in time: what is dropped for being late is told by the test above.
    streams = {"nem-market": {"metrics": "price", "revisions": "first"}}
    with World(bootstrap, tmp_path / "world", name, streams=streams, defaults={"start": "-6h"}, simulator=("--calm",)) as world:
        world.wait_live()
        with SparkJob(tmp_path / "job", "late_data.py", "--bootstrap", bootstrap, "--topics", world.topics("market"), "--watermark", "1 hour",
                      "--out", out, "--checkpoint", checkpoint, "--trigger", "2 seconds", kinds=("kafka",)) as job:
            job.wait_until(lambda: batches(checkpoint) >= 3)
            expected = hours_before_the_watermark([json.loads(text) for _, _, text in world.end()])
            job.wait_until(caught_up(bootstrap, checkpoint))
            job.wait_until(lambda: hours_in(spark, out).keys() >= expected.keys(), 240)
    assert len({hour for hour, _ in expected}) >= 4 and hours_in(spark, out) == expected


def hours_before_the_watermark(values: list) -> dict:
    """(hour, region) → (mean price, points), of the hours that ended an hour before the newest five minutes began."""
    prices = defaultdict(list)
    for value in values:
        prices[(instant(value["interval_start"]) // 3600 * 3600, value["network_region"])].append(value["price"])
    watermark = max(instant(value["interval_start"]) for value in values) - 3600
    return {place: (pytest.approx(sum(numbers) / len(numbers)), len(numbers)) for place, numbers in prices.items()
            if place[0] + 3600 <= watermark}


def hours_in(spark, out) -> dict:
    if not list(out.glob("*.parquet")):
        return {}
    rows = spark.read.parquet(str(out)).withColumn("at", F.unix_seconds("hour")).collect()
    assert len(rows) == len({(row["at"], row.network_region) for row in rows}), "an hour is written twice"
    return {(row["at"], row.network_region): (row.price, row.points) for row in rows}
