"""A week in a minute with nothing killed: revisions, late series, gaps, the provisional edge, wide records. Of each point
the topics hold exactly what was served, in its order; and where nothing has changed, nothing is published."""

import datetime
import json
import os
import subprocess
import time
import uuid

from confluent_kafka import Consumer
from daemon_config import config
from kafka import free_port
from kafka_io import ends_of, read_all
from parts import BINARIES, Clock, start_daemon, start_simulator
from sequence_check import Stream, check_sequences

KEY = "revisions-key-0123456789"
DAYS = 7
# Simulated seconds per real second: the week takes 40 s.
SPEED = 15120.0
START = datetime.datetime(2026, 3, 10, 2, tzinfo=datetime.timezone.utc)
SEED = os.environ.get("OES_SEED", "20260310")
FUEL = Stream("fuel", "NEM", ("power", "energy"))
MARKET = Stream("market", "NEM", ("price", "demand"), provisional=True)
WIDE = Stream("wide", "WEM", ("power", "energy", "emissions"), wide=True)
STREAMS = {"fuel": {"metrics": ["power", "energy"], "network_region": "NSW1", "secondary_grouping": "fueltech_group"},
           "market": {"metrics": ["price", "demand"], "primary_grouping": "network_region", "edge": "provisional"},
           "wide": {"network_code": "WEM", "metrics": ["power", "energy", "emissions"], "secondary_grouping": "fueltech",
                    "record": {"shape": "wide", "headers": "schema"}}}


def schema_headers(bootstrap: str, topic: str) -> set:
    """The headers of the first records of a topic."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest"})
    try:
        consumer.subscribe([topic])
        messages = consumer.consume(50, timeout=20)
        return {str(message.headers()) for message in messages}
    finally:
        consumer.close()


def once(folder):
    """`run --once`: each stream's first poll reads its whole horizon again."""
    done = subprocess.run([BINARIES / "openelectricity-stream", "run", "--once", "--config",
                           folder / "openelectricity-stream.yaml"], timeout=60, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_each_point_has_the_sequence_that_was_served_and_an_unchanged_horizon_publishes_nothing(bootstrap, tmp_path):
    name = f"revisions-{uuid.uuid4().hex[:6]}"
    topics = [f"{name}.fuel", f"{name}.market", f"{name}.wide"]
    (tmp_path / "progress").mkdir()
    settings = {"bootstrap": bootstrap, "port": free_port(), "api": {"api_key": KEY}, "budget": {"requests_per_second": 1000},
                "kafka": {"session_timeout": "1s"}, "defaults": {"start": "2026-03-10T06:00:00"},
                "streams": {stream: {**options, "topic": f"{name}.{stream}"} for stream, options in STREAMS.items()}}

    def simulate(clock: Clock):
        return start_simulator(BINARIES, tmp_path, clock, KEY, "--seed", SEED, "--rate-limit", "off", "--served-log",
                               str(tmp_path / "served"))

    clock = Clock(START.isoformat(), SPEED)
    simulator, api = simulate(clock)
    daemon = start_daemon(BINARIES, tmp_path, config(name, tmp_path, base_url=api, clock=clock, **settings))
    try:
        end = time.monotonic() + DAYS * 86400 / SPEED
        while time.monotonic() < end:
            time.sleep(1)  # pacing a bounded run, not waiting for anything
            daemon.check()
        assert daemon.stop() == 0, daemon.log_tail(40)
        stopped = START.timestamp() + (time.time_ns() // 1000 - clock.real_anchor) / 1e6 * SPEED
    finally:
        daemon.stop()
        simulator.stop()

    records = read_all(bootstrap, topics, 60)
    begin = datetime.datetime.fromisoformat("2026-03-10T06:00:00+10:00").timestamp()
    reports = {stream.name: check_sequences(records, tmp_path / "served", stream, begin, stopped)
               for stream in (FUEL, MARKET, WIDE)}
    for stream, report in reports.items():
        print(stream, json.dumps({key: len(value) if isinstance(value, list) else value for key, value in report.items()}))
    for stream, report in reports.items():
        for fault in ("wrong", "invented", "provisional"):
            assert not report[fault], (stream, fault, report[fault][:5])
        assert report["points"] > 2000 and report["changes"] > 1000, (stream, report)
    assert sum(report["late"] for report in reports.values()) > 100
    assert min(reports["market"]["flags"].values()) > 100
    assert schema_headers(bootstrap, f"{name}.wide") == {str([("schema", b"openelectricity.network/1")])}
    assert schema_headers(bootstrap, f"{name}.fuel") == {"None"}

    # The same world, standing still: what changed since is published once, then nothing is.
    still = Clock(datetime.datetime.fromtimestamp(stopped, datetime.timezone.utc).isoformat(), 0.001)
    simulator, api = simulate(still)
    try:
        (tmp_path / "openelectricity-stream.yaml").write_text(
            config(name, tmp_path, base_url=api, clock=still, **settings), encoding="utf-8")
        once(tmp_path)
        before = ends_of(bootstrap, topics)
        once(tmp_path)
        assert ends_of(bootstrap, topics) == before
    finally:
        simulator.stop()
