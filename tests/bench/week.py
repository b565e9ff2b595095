"""Growth over a week of two daemons, one with a healthy API and one with a failing one. See week.sh."""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "bench")]

from daemon_config import config  # noqa: E402
from daemon_run import status_kib  # noqa: E402
from kafka import free_port  # noqa: E402
from parts import BINARIES, Clock, start_daemon, start_simulator  # noqa: E402

KEY = "week-key-0123456789"
DAY = 86400.0
LOOKS = 24  # a simulated day
FAILING = ("--faults", "0.2", "--lies", "0.02", "--outages", "0.5", "--late", "0.1", "--holes", "0.02")
STREAMS = {"nem": {"metrics": ["power", "energy", "emissions", "market_value"], "secondary_grouping": "fueltech_group"},
           "nem-market": {"metrics": ["price", "demand"]},
           "wem": {"network_code": "WEM", "metrics": ["power"], "secondary_grouping": "fueltech_group"}}


def size_of(folder: pathlib.Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


class Life:
    """One daemon with its API; figures of each simulated day."""

    def __init__(self, name: str, folder: pathlib.Path, clock: Clock, seed: int, options: tuple):
        self.name = name
        self.folder = folder / name
        self.folder.mkdir()
        self.simulator, api = start_simulator(BINARIES, self.folder, clock, KEY, "--seed", str(seed), "--rate-limit", "off",
                                              "--gzip", *options)
        self.daemon = start_daemon(BINARIES, self.folder, config(
            f"week-{name}", self.folder, base_url=api, bootstrap=os.environ["OES_TEST_BOOTSTRAP"], port=free_port(), clock=clock,
            streams=STREAMS, api={"api_key": KEY}, budget=None,
            defaults={"topic": f"week-{name}" + ".{dataset}.{interval}", "start": "-24h", "primary_grouping": "network_region"}))
        self.read = 0
        self.looks, self.days = [], []

    def look(self):
        self.daemon.check()
        pid = self.daemon.process.pid
        self.looks.append({"rss_mib": status_kib(pid, "VmRSS") / 1024, "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
                           "threads": status_kib(pid, "Threads"), "disk_kib": size_of(self.folder / "progress") / 1024})

    def end_day(self):
        with open(self.daemon.log, "rb") as log:
            log.seek(self.read)
            text = log.read()
        self.read += len(text)
        day = {name: round(max(look[name] for look in self.looks), 1) for name in self.looks[0]}
        self.days.append({"log_lines": text.count(b"\n"), "log_kib": round(len(text) / 1024, 1), **day})
        self.looks = []
        print(f"{self.name:8} day {len(self.days)}  " + "  ".join(f"{key} {value}" for key, value in self.days[-1].items()), flush=True)

    def growth(self) -> dict:
        """The last two days' mean over that of the second and third: the first one reads what came before it."""
        early, late = self.days[1:3], self.days[-2:]
        return {key: round(statistics.mean(d[key] for d in late) / max(statistics.mean(d[key] for d in early), 1e-9), 3)
                for key in self.days[0]}

    def stop(self):
        self.daemon.stop()
        self.simulator.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=240)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    clock = Clock("2026-03-10T00:00:00Z", asked.speed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="oes-week-") as folder:
        lives = [Life("normal", pathlib.Path(folder), clock, asked.seed, ()),
                 Life("failing", pathlib.Path(folder), clock, asked.seed, FAILING)]
        try:
            for look in range(1, asked.days * LOOKS + 1):
                time.sleep(max(0.0, began + look * DAY / LOOKS / asked.speed - time.monotonic()))
                for life in lives:
                    life.look()
                    if look % LOOKS == 0:
                        life.end_day()
        finally:
            for life in lives:
                life.stop()
        report = {life.name: {"last_day": life.days[-1], "growth": life.growth()} for life in lives}
        for life in lives:
            grown = [f"{key} × {ratio}" for key, ratio in life.growth().items() if ratio > 1.1]
            print(f"{life.name}: " + ("grew: " + ", ".join(grown) if grown else "nothing grew by more than a tenth"))
        print(json.dumps(report))


if __name__ == "__main__":
    main()
