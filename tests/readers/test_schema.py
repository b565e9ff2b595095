"""Records as records.md §1 describes them, read by Spark with exactly the replaced source's 22 columns."""

import datetime
import json

import pytest
from kafka_io import new_topic, send_transaction
from openelectricity_kafka import columns_22, read_stream
from pyspark.sql import functions as F

pytestmark = pytest.mark.smoke

REPLACED_COLUMNS = (
    "interval network_code metric unit fueltech_group network_region unit_code power energy emissions market_value "
    "renewable_proportion storage_battery price demand demand_energy curtailment curtailment_energy "
    "curtailment_solar_utility curtailment_solar_utility_energy curtailment_wind curtailment_wind_energy").split()
DATA_FIELDS = REPLACED_COLUMNS[7:]


def record(interval: str, metric: str, number: str, **labels: str) -> tuple:
    """Key and value of one record; `number` is JSON text, as the API sent it."""
    network = labels.pop("network_code", "NEM")
    named = ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
    text = "".join(f',"{name}":"{value}"' for name, value in labels.items())
    value = (f'{{"interval":"{interval}","network_code":"{network}","metric":"{metric}","unit":"MW"{text},'
             f'"{metric}":{number},"value":{number},"interval_size":"5m","interval_start":"2026-11-23T00:00:00Z",'
             f'"interval_end":"2026-11-23T00:05:00Z","stream":"s","grouping":"network_region","revision":0,'
             f'"version":1795392000000000,"fetched_at":"2026-11-23T00:06:10.123Z","extra":{{"odd":"x"}}}}')
    json.loads(value)
    return f"v1|{network}|5m|{metric}|{named}|{interval}", value


def rows_of(spark, bootstrap: str, topics: str, folder, name: str) -> list:
    """What a stream finds in the topics until now."""
    query = (read_stream(spark, bootstrap, topics).writeStream.format("memory").queryName(name)
             .option("checkpointLocation", str(folder)).trigger(availableNow=True).start())
    assert query.awaitTermination(300), "Spark did not finish"
    return spark.table(name).collect()


def test_the_struct_has_the_22_columns_in_their_order():
    assert columns_22().fieldNames() == REPLACED_COLUMNS


def test_every_metric_arrives_in_its_own_column_and_only_there(spark, bootstrap, tmp_path):
    topic = new_topic(bootstrap, "schema")
    sent = [record("2026-11-23T10:05:00+10:00", metric, f"{place}.5", network_region="NSW1")
            for place, metric in enumerate(DATA_FIELDS)]
    send_transaction(bootstrap, topic, sent, commit=True)

    rows = rows_of(spark, bootstrap, topic, tmp_path, "every_metric")

    assert {row.metric for row in rows} == set(DATA_FIELDS) and len(rows) == len(DATA_FIELDS)
    for row in rows:
        values = {name: row[name] for name in DATA_FIELDS if row[name] is not None}
        assert values == {row.metric: DATA_FIELDS.index(row.metric) + 0.5}
        assert (row.network_code, row.unit, row.network_region, row.fueltech_group) == ("NEM", "MW", "NSW1", None)


@pytest.mark.parametrize("zone", ["UTC", "Australia/Sydney"])
def test_intervals_are_instants_in_any_offset_and_numbers_in_any_spelling(spark, bootstrap, tmp_path, zone):
    spark.conf.set("spark.sql.session.timeZone", zone)
    topic = new_topic(bootstrap, "instants")
    numbers = ["1.50", "-0.0", "1e-7", "12345678901234567890.123456", "0", "null"]
    sent = [record(f"2026-11-23T10:{5 * place:02}:00+10:00", "price", number) for place, number in enumerate(numbers)]
    sent.append(record("2026-11-23T08:05:00+08:00", "price", "7", network_code="WEM"))
    send_transaction(bootstrap, topic, sent, commit=True)

    try:
        rows_of(spark, bootstrap, topic, tmp_path, "instants")
        rows = spark.table("instants").withColumn("at", F.unix_seconds("interval")).collect()
        shown = spark.table("instants").where("network_code = 'WEM'").selectExpr("date_format(interval, 'HH:mm')").first()[0]
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")

    assert shown == {"UTC": "00:05", "Australia/Sydney": "11:05"}[zone]
    midnight = datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc).timestamp()
    nem = {(row["at"] - round(midnight)) // 300: row.price for row in rows if row.network_code == "NEM"}
    assert nem == {0: 1.5, 1: -0.0, 2: 1e-7, 3: 12345678901234567890.123456, 4: 0.0, 5: None}
    assert [row["at"] for row in rows if row.network_code == "WEM"] == [midnight + 300]


def test_a_wide_record_fills_several_columns_and_names_no_metric(spark, bootstrap, tmp_path):
    topic = new_topic(bootstrap, "wide")
    value = ('{"interval":"2026-11-23T10:05:00+10:00","network_code":"NEM","network_region":"NSW1","price":101.5,"demand":7012,'
             '"interval_size":"5m","stream":"s","grouping":"network_region","revision":0,"version":1,'
             '"fetched_at":"2026-11-23T00:06:10.123Z"}')
    send_transaction(bootstrap, topic, [("v1|NEM|5m|*|region=NSW1|2026-11-23T10:05:00+10:00", value)], commit=True)

    rows = rows_of(spark, bootstrap, topic, tmp_path, "wide")

    assert [(row.price, row.demand, row.power, row.metric, row.unit, row.network_region) for row in rows] == [
        (101.5, 7012.0, None, None, None, "NSW1")]


def test_aborted_records_are_not_seen(spark, bootstrap, tmp_path):
    topic = new_topic(bootstrap, "aborted", partitions=1)
    send_transaction(bootstrap, topic, [record("2026-11-23T10:05:00+10:00", "power", "1")], commit=True)
    send_transaction(bootstrap, topic, [record("2026-11-23T10:10:00+10:00", "power", "2")], commit=False)
    send_transaction(bootstrap, topic, [record("2026-11-23T10:15:00+10:00", "power", "3")], commit=True)

    rows = rows_of(spark, bootstrap, topic, tmp_path, "aborted")

    assert sorted(row.power for row in rows) == [1.0, 3.0]
    # Spark's own default shows it: read_stream makes the difference.
    plain = (spark.read.format("kafka").option("kafka.bootstrap.servers", bootstrap).option("subscribe", topic).load()
             .select(F.get_json_object(F.col("value").cast("string"), "$.power").cast("double").alias("power")))
    assert sorted(row.power for row in plain.collect()) == [1.0, 2.0, 3.0]
