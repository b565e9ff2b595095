"""Freshness for a day's credits. See budget.sh."""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "bench")]

from confluent_kafka import Consumer  # noqa: E402
from daemon_config import config  # noqa: E402
from freshness import fixed_waits, perfect_wait, share  # noqa: E402
from kafka import free_port  # noqa: E402
from parts import BINARIES, Clock, start_daemon, start_simulator  # noqa: E402

PLANS = {5000: "PRO", 2000: "ACADEMIC", 500: "COMMUNITY"}
DAY = datetime.datetime(2026, 3, 10, tzinfo=datetime.timezone.utc)
BEGIN, LENGTH = DAY.timestamp(), 86400.0
AFTERWARDS = 40 * 60  # what the day's end showed may still come, on the next day's credits
DATA = ["power", "energy", "emissions", "market_value", "storage_battery"]
MARKET = ["price", "demand", "demand_energy", "renewable_proportion", "curtailment", "curtailment_energy",
          "curtailment_solar_utility", "curtailment_solar_utility_energy", "curtailment_wind", "curtailment_wind_energy"]
OFFSETS = {"NEM": 10, "WEM": 8}
STEP = 300


def fetch(api: str, path: str):
    with urllib.request.urlopen(api.replace("/v4", path), timeout=30) as answer:
        return json.load(answer)


class Watcher(threading.Thread):
    """Reads every topic, committed records only, and notes when a point was first there (simulated seconds)."""

    def __init__(self, bootstrap: str, clock: Clock):
        super().__init__(daemon=True)
        self.clock = clock
        self.shown = datetime.datetime.fromisoformat(clock.shown).timestamp()
        self.first = defaultdict(dict)  # credits → (network, metric, label) → seconds
        self.stopping = False
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "watcher", "auto.offset.reset": "earliest",
                                  "isolation.level": "read_committed", "enable.auto.commit": False,
                                  "topic.metadata.refresh.interval.ms": 1000, "fetch.wait.max.ms": 10})

    def now(self) -> float:
        return self.shown + (time.time_ns() / 1000 - self.clock.real_anchor) / 1e6 * self.clock.speed

    def run(self):
        self.consumer.subscribe(["^budget-.*"])
        while not self.stopping:
            message = self.consumer.poll(0.2)
            if message is None or message.error():
                continue
            at = self.now()
            record = json.loads(message.value())
            if record["revision"] == 0:
                label = datetime.datetime.fromisoformat(record["interval"]).timestamp()
                credits = int(message.topic().split(".")[0].rsplit("-", 1)[1])
                self.first[credits].setdefault((record["network_code"], record["metric"], label), at)
        self.consumer.close()


def history(api: str, network: str, metric: str, label: float) -> list:
    local = datetime.datetime.fromtimestamp(label, datetime.timezone.utc) + datetime.timedelta(hours=OFFSETS[network])
    query = urllib.parse.urlencode({"network": network, "metric": metric, "label": local.strftime("%Y-%m-%dT%H:%M:%S")})
    return [(datetime.datetime.fromisoformat(one["from"]).timestamp(), one["value"])
            for one in fetch(api, f"/_sim/oracle/values?{query}")["history"]]


def shown_points(api: str) -> dict:
    """(network, endpoint) → {(network, metric, label): when a live query shows its first number}, for all points shown within
    the day. A live query withholds the newest stored label until the next one is stored (api.md §5)."""
    groups = {}
    labels = [BEGIN - 6 * 3600 + STEP * n for n in range(int((LENGTH + 6 * 3600) / STEP))]
    for network in OFFSETS:
        for endpoint, metrics in (("data", DATA), ("market", MARKET)):
            lives = {(metric, label): history(api, network, metric, label) for metric in metrics for label in labels}
            stored = {label: min((lives[metric, label][0][0] for metric in metrics if lives[metric, label]),
                                 default=float("inf")) for label in labels}
            newer, released = float("inf"), {}
            for label in reversed(labels):
                released[label] = newer
                newer = min(newer, stored[label])
            points = {}
            for (metric, label), life in lives.items():
                number = next((at for at, value in life if value is not None), float("inf"))
                shown = max(number, released[label])
                if BEGIN <= shown < BEGIN + LENGTH:
                    points[network, metric, label] = shown
            groups[network, endpoint] = points
    return groups


def judge(credits: int, groups: dict, first: dict, used: int, refused: int) -> dict:
    waits, lost = [], 0
    for points in groups.values():
        for point, shown in points.items():
            if point in first:
                waits.append(max(0.0, first[point] - shown))
            else:
                lost += 1
    fixed = []
    for points in groups.values():
        fixed += fixed_waits(list(points.values()), used // len(groups), BEGIN, LENGTH)
    count = sum(len(points) for points in groups.values())
    bound = perfect_wait([list(points.values()) for points in groups.values()], used) / count
    for name, points in groups.items():
        mine = [max(0.0, first[p] - shown) for p, shown in points.items() if p in first]
        other = fixed_waits(list(points.values()), used // len(groups), BEGIN, LENGTH)
        print(f"{credits:7} {' '.join(name):11} {len(points):7} points  ours {statistics.fmean(mine):6.0f} s, p95 "
              f"{share(mine, 0.95):6.0f}   fixed {statistics.fmean(other):6.0f} s, p95 {share(other, 0.95):6.0f}")
    report = {"credits": credits, "used": used, "refused": refused, "lost": lost,
              "staleness_mean_s": round(statistics.fmean(waits), 1), "staleness_p95_s": round(share(waits, 0.95), 1),
              "fixed_mean_s": round(statistics.fmean(fixed), 1), "fixed_p95_s": round(share(fixed, 0.95), 1)}
    better = 1 - report["staleness_mean_s"] / report["fixed_mean_s"]
    met = "met" if better >= 0.25 and not lost and not refused else "MISSED"
    print(f"{credits:7} {'all':11} {count:7} points  {better:.0%} fresher than fixed triggers (target 25%: {met}); perfect "
          f"timing would reach {bound:.0f} s; {used} requests, {refused} refused, {lost} points lost")
    return report


def run_day(speed: float, seed: int, folder: pathlib.Path) -> list:
    clock = Clock(DAY.isoformat(), speed)
    keys = {credits: f"budget-key-{credits}-0123456789" for credits in PLANS}
    options = [word for credits, plan in PLANS.items() for word in ("--key", f"{keys[credits]}:{plan}")]
    simulator, api = start_simulator(BINARIES, folder, clock, "unused-key-0123456789", "--seed", str(seed),
                                     "--rate-limit", "simulated", *options)
    bootstrap = os.environ["OES_TEST_BOOTSTRAP"]
    watcher = Watcher(bootstrap, clock)
    daemons = []
    try:
        watcher.start()
        for credits, key in keys.items():
            home = folder / str(credits)
            (home / "progress").mkdir(parents=True)
            daemons.append(start_daemon(BINARIES, home, config(
                f"budget-{credits}", home, base_url=api, bootstrap=bootstrap, port=free_port(), clock=clock,
                api={"api_key": key},
                # The clock is fast: a request that the machine delays by some milliseconds is late by a second of the API's.
                budget={"plan": None, "requests_per_second": 1},
                defaults={"metrics": DATA + MARKET, "topic": f"budget-{credits}" + ".{dataset}.{interval}", "start": "-3h"},
                streams={network.lower(): {"network_code": network} for network in OFFSETS})))
        spent = {}
        while watcher.now() < BEGIN + LENGTH + AFTERWARDS:
            if watcher.now() < BEGIN + LENGTH:
                spent = fetch(api, "/_sim/stats")["api"]["gate"]
            for daemon in daemons:
                daemon.check()
            time.sleep(1)  # pacing a bounded run
        for daemon in daemons:
            daemon.stop()
        time.sleep(1)
        groups = shown_points(api)
        refusals = fetch(api, "/_sim/stats")["api"]["gate"]["refusals"]
        if refusals:
            print(f"refused, over all plans: {refusals}")
        refused = sum(refusals.values())
        return [judge(credits, groups, watcher.first[credits], spent["keys"][key]["used_today"], refused)
                for credits, key in keys.items()]
    finally:
        watcher.stopping = True
        for daemon in daemons:
            daemon.stop()
        simulator.stop()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--speed", type=float, default=120)
    options.add_argument("--seed", type=int, default=20260310)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="oes-budget-") as name:
        reports = run_day(given.speed, given.seed, pathlib.Path(name))
    for report in reports:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
