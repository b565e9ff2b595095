#!/usr/bin/env python3
"""Re-reads of an unchanged horizon: CPU, memory of the ledger, and that nothing is published. Started by revisions.sh."""

import argparse
import json
import os
import pathlib
import re
import statistics
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]

from daemon_run import cpu_seconds  # noqa: E402
from daemon_config import config  # noqa: E402
from kafka import free_port  # noqa: E402
from kafka_io import ends_of  # noqa: E402
from parts import Clock, PartError, start_daemon, start_simulator  # noqa: E402

KEY = "bench-key-0123456789"
SHOWN = "2026-03-18T00:01:00+10:00"
EVERY = 4  # seconds between two re-reads
STREAM = {"metrics": ["power", "energy", "emissions", "market_value", "storage_battery"], "primary_grouping": "network_region",
          "secondary_grouping": "fueltech", "start": "-72h"}
DEFINITIONS = """\
points: published points that an answer is compared with (the daemon's own count).
cpu: user + system seconds of the daemon from one answer's arrival to the next, less what a daemon with the same points uses
  in that time when it re-reads nothing: request, inflating, decoding and comparing; median of the re-reads.
ledger: what the daemon's ledger sets aside for its points and labels (capacities of its arrays), not the names of its series.
published: data records and transactions from the first re-read to the last, by the end offsets of the topics."""


class Daemon:
    """One life of the daemon; its numbers come from /metrics."""

    def __init__(self, options, folder: pathlib.Path, name: str, trigger: str, re_read: str, **settings):
        (folder / "progress").mkdir(parents=True)
        self.deadline = options.deadline
        self.port = free_port()
        self.part = start_daemon(options.binaries, folder, config(
            name, folder, port=self.port, api={"api_key": KEY}, budget={"requests_per_second": 1000},
            schedule={"learn_arrivals": False, "trigger_offset": "0s", "trigger_jitter": "0s"},
            streams={"bench": STREAM | {"trigger": trigger, "re_read": [re_read], "topic": f"{name}.data"}}, **settings))

    @property
    def pid(self) -> int:
        return self.part.process.pid

    def sum_of(self, metric: str, labels: str = "") -> float:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            return 0
        found = re.findall(rf"^{metric}\{{([^}}]*)\}} (\S+)$", text, re.M)
        return sum(float(value) for named, value in found if labels in named)

    def requests(self) -> float:
        return self.sum_of("openelectricity_api_requests_total", 'outcome="ok"')

    def wait_for_requests(self, count: float) -> tuple:
        """(moment, CPU seconds) at which the count was reached."""
        deadline = time.monotonic() + self.deadline
        while self.requests() < count:
            self.part.check()
            if time.monotonic() > deadline:
                raise PartError(f"no {count:.0f} requests in time:\n{self.part.log_tail()}")
            time.sleep(0.05)
        return time.monotonic(), cpu_seconds(self.pid)

    def wait_for_points(self):
        """Until everything is published and the number stands still."""
        self.part.wait_until(lambda: self.sum_of("openelectricity_stream_records_committed_total"), self.deadline)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="folder of daemon and simulator")
    parser.add_argument("--re-reads", type=int, default=9, help="measured (default 9)")
    parser.add_argument("--deadline", type=float, default=60, help="seconds for each step (default 60)")
    return parser.parse_args()


def idle_share(options, folder, settings) -> float:
    """CPU seconds a second of a daemon that has published the same and does not poll."""
    daemon = Daemon(options, folder / "idle", "idle", "1h", "72h", **settings)
    try:
        daemon.wait_for_points()
        time.sleep(3)
        began, used = time.monotonic(), cpu_seconds(daemon.pid)
        time.sleep(2 * EVERY)  # what is measured is this very time
        return (cpu_seconds(daemon.pid) - used) / (time.monotonic() - began)
    finally:
        daemon.part.stop()


def measure(options, folder, settings) -> dict:
    daemon = Daemon(options, folder / "measured", "measured", f"{EVERY}s", "72h every 1s", **settings)
    topics = ["measured.data", "openelectricity.progress.measured"]
    try:
        daemon.wait_for_points()
        first = daemon.requests() + 1
        before = daemon.wait_for_requests(first)
        ends = ends_of(settings["bootstrap"], topics)
        received = daemon.sum_of("openelectricity_api_received_bytes_total")
        points = daemon.sum_of("openelectricity_stream_ledger_points")
        spans = []
        for number in range(1, options.re_reads + 1):
            after = daemon.wait_for_requests(first + number)
            spans.append((after[0] - before[0], after[1] - before[1]))
            before = after
        each = (daemon.sum_of("openelectricity_api_received_bytes_total") - received) / options.re_reads
        if each < 0.9 * received / first:
            raise PartError(f"{each:.0f} bytes a re-read: the horizon was not read again")
        moved = {place: end - ends[place] for place, end in ends_of(settings["bootstrap"], topics).items()}
        return {"points": points, "ledger_bytes": daemon.sum_of("openelectricity_stream_ledger_bytes"), "spans": spans,
                "records": sum(count for (topic, _), count in moved.items() if topic == topics[0]),
                "transactions": sum(count for (topic, _), count in moved.items() if topic == topics[1])}
    finally:
        daemon.part.stop()


def report(found: dict, idle: float) -> dict:
    millions = found["points"] / 1e6
    net = [(used - idle * took) / millions for took, used in found["spans"]]
    line = {"points": round(found["points"]), "cpu_s_per_million_compared": round(statistics.median(net), 3),
            "ledger_bytes_per_point": round(found["ledger_bytes"] / found["points"], 2),
            "records_published": round(found["records"])}
    print(f"\n{DEFINITIONS}\n\n{len(net)} re-reads, CPU-s per million compared: median {statistics.median(net):.2f} "
          f"({min(net):.2f} … {max(net):.2f}); idle {idle:.4f} CPU-s a second")
    for what, is_now, limit, met in (
            ("ledger, bytes a point", line["ledger_bytes_per_point"], "<= 16", line["ledger_bytes_per_point"] <= 16),
            ("records published", line["records_published"], "0", line["records_published"] == 0),
            ("offsets that the progress topic moved", found["transactions"], "0", found["transactions"] == 0)):
        print(f"{what:40}{is_now:>8.2f}  target {limit:6}{'met' if met else 'MISSED'}")
    return line


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="oes-revisions-") as name:
        folder = pathlib.Path(name)
        clock = Clock(SHOWN, 1)
        simulator, api = start_simulator(options.binaries, folder, clock, KEY, "--calm", "--memoise-answers", "--rate-limit",
                                         "off")
        settings = {"base_url": api, "bootstrap": os.environ["OES_TEST_BOOTSTRAP"], "clock": clock}
        try:
            idle = idle_share(options, folder, settings)
            line = report(measure(options, folder, settings), idle)
        except (PartError, RuntimeError, TimeoutError) as failed:
            print(f"revisions: {failed}", file=sys.stderr)
            return 1
        finally:
            simulator.stop()
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
