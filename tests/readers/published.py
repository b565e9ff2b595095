"""A daemon that publishes what a simulator serves, and what its topics hold as rows: what a reader's table is held against."""

import datetime
import json
import pathlib
from collections import Counter

from confluent_kafka.admin import AdminClient
from daemon_config import config
from http_status import status
from kafka import free_port
from kafka_io import read_all
from oracle_check import check, served_points
from parts import BINARIES, Clock, start_daemon, start_simulator

KEY = "readers-test-key-0123456789"
STREAMS = {"nem": {"metrics": ["power", "emissions", "market_value"], "secondary_grouping": "fueltech_group"},
           "nem-market": {"metrics": ["price", "demand"]},
           "wem": {"network_code": "WEM", "metrics": "power", "secondary_grouping": "fueltech_group"}}
TEXTS = ("network_code", "metric", "unit", "fueltech_group", "network_region", "unit_code")
NUMBERS = ("power", "energy", "emissions", "market_value", "renewable_proportion", "storage_battery", "price", "demand",
           "demand_energy", "curtailment", "curtailment_energy", "curtailment_solar_utility", "curtailment_solar_utility_energy",
           "curtailment_wind", "curtailment_wind_energy")
COLUMNS_22 = ("interval", *TEXTS, *NUMBERS)


class World:
    """Stopped at the end of a `with`. `speed`: simulated seconds a second; five minutes come every 300 / speed seconds."""

    def __init__(self, bootstrap: str, folder: pathlib.Path, name: str, *, speed: float = 120, streams: dict = None,
                 simulator: tuple = (), **sections):
        self.bootstrap = bootstrap
        self.folder = folder
        self.name = name
        self.streams = streams or STREAMS
        (folder / "progress").mkdir(parents=True)
        clock = Clock("2026-03-10T02:00:00Z", speed)
        self.simulator, self.api = start_simulator(BINARIES, folder, clock, KEY, "--served-log", str(folder / "served"), *simulator)
        self.port = free_port()
        defaults = {"start": "-6h", "primary_grouping": "network_region", "topic": name + ".{dataset}.{interval}",
                    **sections.pop("defaults", {})}
        self.daemon = start_daemon(BINARIES, folder, config(
            name, folder, base_url=self.api, bootstrap=bootstrap, port=self.port, clock=clock, streams=self.streams,
            api={"api_key": KEY}, defaults=defaults, **sections))

    def topics(self, *datasets: str) -> str:
        return ",".join(f"{self.name}.{dataset}.5m" for dataset in datasets or ("network", "market"))

    def wait_live(self, seconds: float = 150):
        """Until every stream has something published."""
        def live():
            said = status(self.port)
            rows = [row for row in said.get("streams", []) if row["stream"] in self.streams]  # the list of facilities has a row, too
            return rows and all(row["newest"] for row in rows)
        self.daemon.wait_until(live, seconds)

    def transactions(self) -> int:
        return status(self.port).get("transactions", 0)

    def go_on(self):
        """After an `end`."""
        self.daemon.start()

    def end(self) -> list:
        """Stops the daemon; what the topics hold, held against what was served.

        An answer that the stop dropped was served and not seen: so whether the last value is the newest is not asked here."""
        assert self.daemon.stop() == 0, self.daemon.log_tail()
        there = AdminClient({"bootstrap.servers": self.bootstrap}).list_topics(timeout=15).topics
        records = read_all(self.bootstrap, [name for name in there if name.startswith(self.name + ".") and name.endswith(".5m")])
        progress = json.loads((self.folder / "progress" / "progress.json").read_text(encoding="utf-8"))
        report = check(records, served_points(self.folder / "served"), progress)
        for fault in ("lost", "repeated", "wrong", "unserved", "bad_version"):
            assert not report[fault], (fault, report[fault][:5])
        return records

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.daemon.stop()
        self.simulator.stop()


def instant(label: str) -> int:
    """Seconds since 1970."""
    return round(datetime.datetime.fromisoformat(label.replace("Z", "+00:00")).timestamp())


def row_of(record: dict) -> tuple:
    """The 22 columns; the interval as an instant."""
    numbers = (None if record.get(name) is None else float(record[name]) for name in NUMBERS)
    return (instant(record["interval"]), *(record.get(name) for name in TEXTS), *numbers)


def expected_append(records: list) -> Counter:
    """`records`: (topic, key, value). A row for each of them."""
    return Counter(row_of(json.loads(value)) for _, _, value in records)


def expected_newest(records: list) -> dict:
    """Key → (version, row) of its newest."""
    found = {}
    for _, key, text in records:
        record = json.loads(text)
        found[key] = max(found.get(key, (0, ())), (record["version"], row_of(record)), key=lambda pair: pair[0])
    return found


def rows_22(table) -> Counter:
    """A DataFrame's rows, with the interval as an instant whatever the session's time zone is."""
    from pyspark.sql import functions as F

    told = table.select((F.unix_micros("interval") / 1_000_000).cast("long"), *COLUMNS_22[1:])
    return Counter(tuple(row) for row in told.collect())


def newest_of(table) -> dict:
    """As `expected_newest`, of a table with one row a key."""
    from pyspark.sql import functions as F

    told = table.select("key", "version", (F.unix_micros("interval") / 1_000_000).cast("long"), *COLUMNS_22[1:]).collect()
    found = {row[0]: (row[1], tuple(row[2:])) for row in told}
    assert len(found) == len(told), "a key stands twice"
    return found
