"""API simulator → daemon → Kafka → Spark: the topics read with the replaced source's 22 columns hold what was served."""

import subprocess

from daemon_config import config
from http_status import status
from kafka import free_port
from parts import BINARIES, Clock, start_daemon, start_simulator
from read_stream import read_topics, schema
from served import points

KEY = "spark-test-key-0123456789"
STREAMS = {"nem": {"metrics": ["power", "emissions", "market_value"], "secondary_grouping": "fueltech_group"},
           "nem-market": {"metrics": ["price", "demand"]},
           "wem": {"network_code": "WEM", "metrics": "power", "secondary_grouping": "fueltech_group"}}


def run_until_live(bootstrap: str, folder, name: str) -> dict:
    """Runs the daemon until every stream has caught up and at least two later intervals; what the simulator served."""
    (folder / "progress").mkdir()
    clock = Clock("2026-03-10T02:00:00Z", 120)
    simulator, api = start_simulator(BINARIES, folder, clock, KEY, "--calm", "--served-log", str(folder / "served"))
    daemon = None
    try:
        port = free_port()
        daemon = start_daemon(BINARIES, folder, config(
            name, folder, base_url=api, bootstrap=bootstrap, port=port, clock=clock, streams=STREAMS, api={"api_key": KEY},
            budget=None, defaults={"start": "-6h", "primary_grouping": "network_region", "topic": name + ".{dataset}.{interval}"}))
        first_commits = 0

        def live():
            nonlocal first_commits
            said = status(port)
            if not said or not said["streams"] or not all(row["newest"] for row in said["streams"]):
                return False
            first_commits = first_commits or said["transactions"]
            return said["transactions"] >= first_commits + 6

        daemon.wait_until(live, 150)
        assert daemon.stop() == 0, daemon.log_tail()
        return points(folder / "served")
    finally:
        if daemon:
            daemon.stop()
        simulator.stop()


def test_the_example_prints_the_daemons_own_schema():
    printed = subprocess.run([BINARIES / "openelectricity-stream", "schema", "--format", "pyspark", "--replaced"],
                             capture_output=True, text=True, timeout=20, check=True).stdout
    names = {}
    exec(printed, names)  # pylint: disable=exec-used
    assert names["schema"] == schema


def test_spark_finds_every_served_point_once_with_its_value(spark, bootstrap, tmp_path):
    served = run_until_live(bootstrap, tmp_path, "spark-e2e")
    topics = "spark-e2e.network.5m,spark-e2e.market.5m"
    stream = read_topics(spark, bootstrap, topics)
    assert stream.schema == schema

    query = (stream.writeStream.format("memory").queryName("end_to_end")
             .option("checkpointLocation", str(tmp_path / "checkpoint")).trigger(availableNow=True).start())
    assert query.awaitTermination(120), "Spark did not finish"
    rows = spark.table("end_to_end").collect()

    assert rows and not [row for row in rows if None in (row.interval, row.metric, row.unit)]
    found = {}
    newest = {}
    for row in rows:
        at = round(row.interval.timestamp())
        key = (row.network_code, row.metric, row.unit, row.network_region, row.fueltech_group, at)
        assert key not in found, f"twice: {key}"
        found[key] = row[row.metric]
        newest[key[:2]] = max(newest.get(key[:2], 0), at)
    assert set(newest) == {("NEM", "power"), ("NEM", "emissions"), ("NEM", "market_value"), ("NEM", "price"),
                           ("NEM", "demand"), ("WEM", "power")}
    expected = {key: values for key, values in served.items()
                if values != {None} and key[-1] <= newest[key[:2]]}
    assert set(found) == set(expected)
    wrong = {key: (found[key], values) for key, values in expected.items() if {found[key]} != {float(value) for value in values - {None}}}
    assert not wrong
