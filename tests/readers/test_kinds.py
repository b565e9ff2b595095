"""The examples of Spark on topics of every kind: long and wide, by region and for the whole network, with numbers that were taken back."""

import json
import sys

import pytest
from kafka_io import new_topic, send_transaction
from openelectricity_kafka import all_columns, columns_22, merge_into_delta, newest, none_of, of_metrics, read_stream
from openelectricity_kafka import read as read_topics
from parts import ROOT
from pyspark.sql import functions as F
from spark_job import PATIENCE, SparkJob

sys.path.insert(0, str(ROOT / "examples"))

REGION = {"grouping": "network_region", "network_region": "NSW1"}
TOTAL = {"grouping": "total"}


def long(metric: str, minute: int, number, version: int, place: dict) -> tuple:
    said = {"metric": metric, "unit": "?", "value": number, **({metric: number} if number is not None else {})}
    return record(metric, minute, said, version, place)


def wide(minute: int, numbers: dict, version: int, place: dict) -> tuple:
    return record("*", minute, numbers, version, place)


def record(metric: str, minute: int, said: dict, version: int, place: dict) -> tuple:
    at = f"2026-11-23T10:{minute:02}:00+10:00"
    key = f"v1|NEM|5m|{metric}|{place.get('network_region', '')}|{at}"
    return key, json.dumps({"interval": at, "network_code": "NEM", "interval_size": "5m", "interval_start": at, "revision": 0,
                            "version": version, **said, **place})


def read(spark, *records: tuple):
    """As `read` has them with all columns and the key."""
    given = spark.createDataFrame(list(records), "key STRING, value STRING")
    return given.select("key", F.from_json("value", all_columns(), {"mode": "FAILFAST"}).alias("r")).select("key", "r.*")


@pytest.mark.parametrize("place", [REGION, TOTAL], ids=["regions", "network"])
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_hourly_means_of_each_kind(spark, place, shape):
    from hourly_aggregation import hourly
    from late_data import hourly as windowed

    if shape == "long":
        records = read(spark, long("price", 5, 10.0, 1, place), long("price", 10, 20.0, 2, place), long("price", 10, None, 3, place),
                       long("demand", 5, 7000.0, 4, place), long("flow_imports", 5, 1.0, 5, place))
    else:
        records = read(spark, wide(5, {"price": 10.0, "demand": 7000.0}, 1, place), wide(10, {"price": 20.0}, 2, place), wide(10, {}, 3, place))
    region = place.get("network_region")
    assert [(row.network_region, row.price, row.demand) for row in hourly(newest(records)).collect()] == [(region, 10.0, 7000.0)]
    assert [(row.network_region, row.price, row.points) for row in windowed(records, "1 hour").collect()] == [(region, 10.0, 1)]


@pytest.mark.parametrize("shape", ["long", "wide"])
def test_what_was_taken_back_is_passed_on(spark, shape):
    from pyspark_streaming_example import as_messages, in_gigawatts

    records = (read(spark, long("power", 5, 1500.0, 1, REGION), long("power", 5, None, 2, REGION), long("energy", 5, 1.0, 3, REGION))
               if shape == "long" else read(spark, wide(5, {"power": 1500.0, "energy": 1.0}, 1, REGION), wide(5, {"energy": 1.0}, 2, REGION)))
    sent = [json.loads(row.value) for row in as_messages(in_gigawatts(records)).orderBy("version").collect()]
    assert [(one["version"], one["power_gw"]) for one in sent] == [(1, 1.5), (2, None)]


@pytest.mark.parametrize("shape", ["long", "wide"])
def test_units_of_each_shape_are_joined(spark, shape):
    from facilities_joined import joined

    unit = {"grouping": "unit_code", "facility_code": "F", "unit_code": "U"}
    points = read(spark, *([long("power", 5, 1.5, 1, unit), long("energy", 5, 1.0, 2, unit)] if shape == "long"
                           else [wide(5, {"power": 1.5, "energy": 1.0}, 1, unit)]))
    units = spark.createDataFrame([("F", "U", "Fair Field", "VIC1", "wind", 9.0)], "facility_code STRING, unit_code STRING, "
                                  "facility_name STRING, network_region STRING, fueltech STRING, capacity_registered DOUBLE")
    assert [(row.facility_name, row.power) for row in joined(points, units).collect()] == [("Fair Field", 1.5)]


def test_two_fueltechs_of_one_group_are_told_apart_by_one_column_more(spark, bootstrap):
    def fuel(name, version):
        key, value = long("power", 5, 100.0, version, {**REGION, "grouping": "network_region/fueltech", "fueltech_group": "coal", "fueltech": name})
        return f"{key}|{name}", value

    topic = new_topic(bootstrap, "fuels")
    send_transaction(bootstrap, topic, [fuel("coal_black", 1), fuel("coal_brown", 2)], commit=True)
    alike = read_topics(spark, bootstrap, topic)
    assert (alike.count(), alike.distinct().count()) == (2, 1)
    told = read_topics(spark, bootstrap, topic, columns=columns_22().add("fueltech", "string"))
    assert sorted(row.fueltech for row in told.distinct().collect()) == ["coal_black", "coal_brown"]
    keyed = read_topics(spark, bootstrap, topic, columns=all_columns(), key=True)
    assert newest(keyed).count() == 2


def test_where_nothing_is_found_a_line_says_what_is_there(spark):
    records = read(spark, long("power", 5, 1.0, 1, REGION), wide(5, {"price": 1.0, "demand": 2.0}, 2, TOTAL))
    chosen = of_metrics(records, "power")
    assert none_of(chosen, records, "power") is None and chosen.count() == 2
    assert none_of(records.where("energy IS NOT NULL"), records, "energy") == (
        "no energy in these topics; there is NEM 5m power by network_region; NEM 5m price, demand (wide) by total")
    assert none_of(chosen, records.where("false"), "power") is None
    nothing = records.where("false")
    assert none_of(nothing, nothing, "power") == "no power in these topics: they have no records yet"


@pytest.mark.parametrize("shape", ["long", "wide"])
def test_a_table_by_the_old_options_gives_up_what_was_taken_back(spark, bootstrap, shape, tmp_path):
    topic = new_topic(bootstrap, f"back-{shape}")
    table = str(tmp_path / "table")
    (first, second) = (([long("power", 5, 1.0, 1, REGION), long("power", 10, 2.0, 2, REGION)], [long("power", 5, None, 3, REGION)])
                       if shape == "long" else ([wide(5, {"power": 1.0}, 1, REGION), wide(10, {"power": 2.0}, 2, REGION)], [wide(5, {}, 3, REGION)]))
    for sent in (first, second):
        send_transaction(bootstrap, topic, sent, commit=True)
        rows = read_stream(spark, bootstrap, topic, columns=all_columns(), key=True, metrics="power", primary_grouping="network_region")
        query = (rows.writeStream.foreachBatch(lambda batch, number: merge_into_delta(batch, number, table))
                 .option("checkpointLocation", str(tmp_path / "checkpoint")).trigger(availableNow=True).start())
        assert query.awaitTermination(300), "Spark did not finish"
        if query.exception():
            raise query.exception()
    held = spark.read.format("delta").load(table).collect()
    assert sorted((row.version, row.power) for row in held) == [(2, 2.0), (3, None)]


def test_a_job_on_a_topic_of_another_kind_ends_with_the_line(bootstrap, tmp_path):
    topic = new_topic(bootstrap, "other-kind")
    send_transaction(bootstrap, topic, [long("power", 5, 1.0, 1, REGION)], commit=True)
    with SparkJob(tmp_path / "job", "hourly_aggregation.py", "--bootstrap", bootstrap, "--topics", topic, kinds=("kafka",)) as job:
        assert job.process.wait(PATIENCE) == 1
        assert "no price or demand of 5m in these topics; there is NEM 5m power by network_region" in job.said()
        assert "Traceback" not in job.said()
