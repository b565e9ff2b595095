"""A week in minutes: the whole daemon against simulator (faults on) and real Kafka, killed with -9 at random moments."""

import datetime
import json
import os
import random
import time
import urllib.request
import uuid

from daemon_config import config
from kafka import free_port
from kafka_io import read_all
from oracle_check import check, served_points
from parts import BINARIES, Clock, start_daemon, start_simulator

KEY = "kill-test-key-0123456789"
DAYS = 7
KILLS = int(os.environ.get("OES_KILLS", "20"))
# Simulated seconds per real second: a week takes about two and a half minutes.
SPEED = float(os.environ.get("OES_SPEED", "4032"))
START = "2026-03-10T02:00:00Z"
FUEL = {"metrics": ["power", "energy", "emissions", "market_value"], "primary_grouping": "network_region",
        "secondary_grouping": "fueltech_group"}
REGIONS = {"metrics": ["power", "price", "demand", "curtailment", "renewable_proportion"], "primary_grouping": "network_region"}
WEM = {"network_code": "WEM", "metrics": ["power", "energy", "price", "demand"]}
TOPICS = ("fuel.5m", "regions.network.5m", "regions.market.5m", "wem.network.5m", "wem.market.5m")


def stop_faults(api):
    request = urllib.request.Request(api.replace("/v4", "/_sim/faults"), method="DELETE")
    urllib.request.urlopen(request, timeout=5).close()


def mirror(folder):
    return json.loads((folder / "progress" / "progress.json").read_text(encoding="utf-8"))


def owes_nothing(said) -> bool:
    """Every stream has read its look-back (72 h) again: what a killed daemon was served has been seen once more."""
    def hours(member):
        at = [datetime.datetime.fromisoformat(member[name]) for name in ("ledger_from", "position")]
        return (at[1] - at[0]).total_seconds() / 3600

    return all(hours(member) <= 73 for metrics in said["streams"].values() for member in metrics.values())


def settle(daemon, folder):
    """Stops the daemon; its exit code must be 0 and progress.json must be there."""
    assert daemon.stop() == 0, daemon.log_tail(40)
    return mirror(folder)


def test_twenty_kills_in_a_week_lose_nothing_and_repeat_nothing(bootstrap, tmp_path):
    seed = int(os.environ.get("OES_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    name = f"kill-{uuid.uuid4().hex[:6]}"
    clock = Clock(START, SPEED)
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--seed", str(seed), "--rate-limit", "off",
                                     "--faults", "0.04,status,cut,html,badjson,nan,wrongshape,unauthorized,reset",
                                     "--served-log", str(tmp_path / "served"))
    (tmp_path / "progress").mkdir()
    daemon = start_daemon(BINARIES, tmp_path, config(
        name, tmp_path, base_url=api, bootstrap=bootstrap, port=free_port(), clock=clock,
        api={"api_key": KEY, "connect_timeout": "2s", "first_byte_timeout": "5s"}, budget={"requests_per_second": 1000},
        kafka={"session_timeout": "1s"}, defaults={"start": "-6h"},
        streams={"nem-fuel": FUEL | {"topic": name + ".fuel.{interval}"},
                 "nem-regions": REGIONS | {"topic": name + ".regions.{dataset}.{interval}"},
                 "wem": WEM | {"topic": name + ".wem.{dataset}.{interval}"}}))
    killed = 0
    try:
        length = DAYS * 86400 / SPEED
        began = time.monotonic()
        while (left := length - (time.monotonic() - began)) > 0:
            kills_left = KILLS - killed
            pause = left / (kills_left + 1) * chance.uniform(0.5, 1.5) if kills_left else left
            time.sleep(min(pause, left))  # pacing a bounded run, not waiting for anything
            daemon.check()
            if kills_left:
                daemon.kill()
                killed += 1
                daemon.start()
        # Whatever the kills cost, the daemon catches up: no more faults, and a start, whose first requests reach back over
        # the whole horizon.
        stop_faults(api)
        assert daemon.stop() == 0, daemon.log_tail(40)
        before = mirror(tmp_path)["sequence"]
        daemon.start()
        reached = time.monotonic() + 120
        while time.monotonic() < reached:
            now = mirror(tmp_path)
            # A claim, then a re-read of each group, then some live polls.
            if now["timestamp"] >= "2026-03-17T00:00:00" and now["sequence"] > before + 40:
                break
            time.sleep(0.2)
        progress = settle(daemon, tmp_path)
    finally:
        daemon.stop()
        simulator.stop()
    records = read_all(bootstrap, [f"{name}.{topic}" for topic in TOPICS], 120)
    report = check(records, served_points(tmp_path / "served"), progress)
    summary = {field: len(value) if isinstance(value, list) else value for field, value in report.items()}
    print(json.dumps({"kills": killed, "seed": seed, **summary}))
    assert killed == KILLS
    assert summary["records"] > 100_000 and progress["timestamp"] >= "2026-03-16T00:00:00"
    assert report["revised"] > 1000
    for fault in ("lost", "repeated", "wrong", "unserved", "bad_version", "stale"):
        assert not report[fault], (fault, report[fault][:5])
