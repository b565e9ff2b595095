#!/usr/bin/env python3
"""JSON and Avro, long and wide: bytes on disk, the daemon's CPU, and Spark's. Started by formats.sh."""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parents[1] / "examples" / "python")]

from daemon_run import STREAM, backfill, idle  # noqa: E402
from openelectricity_kafka import SchemaRegistry, read  # noqa: E402
from parts import Clock, PartError, start_simulator  # noqa: E402
from registry import Registry  # noqa: E402
from spark import session  # noqa: E402

KEY = "bench-key-0123456789"
SHOWN = "2026-03-18T00:00:00+10:00"
FORMS = {f"{form} {shape}": {"format": form, "shape": shape} for shape in ("long", "wide") for form in ("json", "avro")}
DEFINITIONS = """\
records: one poll of NEM by region and fueltech, five metrics; long has one for each metric, wide one for all.
disk: the topic's segments as the broker wrote them, compressed, for a record. daemon: its net CPU seconds for a million numbers, from start
to stop less those of an idle one. Spark: CPU seconds (JVM and Python workers) for a million numbers of a batch with the 22 columns, written
nowhere; the reader warmed up. rows/s: records over wall time of the same batch, which other work on the machine slows. late ids: the same
batch by a reader that finds every id only when it meets a record with it, as one that the query did not know when it was made.
A number: a record of long, a fifth of one of wide. Medians of the rounds, taken in turn."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="folder of daemon and simulator")
    parser.add_argument("--rounds", type=int, default=3, help="of each (default 3)")
    parser.add_argument("--days", type=int, default=4, help="of five-minute data (default 4)")
    return parser.parse_args()


def bytes_on_disk(topic: str) -> int:
    data = pathlib.Path(os.environ["OES_TEST_KAFKA_DIR"]) / "node-1" / "data"
    return sum(segment.stat().st_size for segment in data.glob(f"{topic}-*/*.log"))


def cpu_of_all(pid: int) -> float:
    """User and system seconds of a process and everything below it, ended children included."""
    below, used = {}, {}
    for file in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        number = int(file.parent.name)
        below.setdefault(int(fields[1]), []).append(number)
        used[number] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    found, left = 0.0, [pid]
    while left:
        one = left.pop()
        found += used.get(one, 0)
        left += below.get(one, [])
    return found


class Unaware(SchemaRegistry):
    """No id is known when the query is made."""

    def schemas_of(self, subject: str) -> dict:
        return {}


class Bench:
    def __init__(self, options, folder: pathlib.Path, registry: Registry):
        self.folder = folder
        self.registry = registry
        clock = Clock(SHOWN, 1)
        self.simulator, api = start_simulator(options.binaries, folder, clock, KEY, "--fixed-world", "--calm", "--memoise-answers",
                                              "--rate-limit", "off")
        begin = datetime.datetime.fromisoformat(SHOWN) - datetime.timedelta(days=options.days)
        self.start = begin.strftime("%Y-%m-%dT%H:%M:%S")
        self.settings = {"binaries": options.binaries, "base_url": api, "key": KEY, "bootstrap": os.environ["OES_TEST_BOOTSTRAP"],
                         "deadline": 300, "clock": clock, "schema_registry": {"url": registry.url}}

    def daemon(self, form: str, number: int) -> dict:
        """Its CPU, and the topic that it made."""
        topic = f"{form.replace(' ', '-')}-{number}"
        named = {"folder": self.folder / topic, "name": topic, "stream": STREAM | {"record": FORMS[form]}, **self.settings}
        found = backfill(start=self.start, **named)
        resting = idle(1, **{**named, "folder": self.folder / f"{topic}-idle", "name": f"{topic}-idle"})
        return {"topic": topic, "records": found["records"], "daemon": found["cpu_s"] - resting["start_stop_cpu_s"]}

    def spark(self, running, topic: str, late: bool) -> tuple:
        """CPU and wall seconds of reading the topic once."""
        registry = Unaware(self.registry.url) if late else self.registry.url
        avro = {"schema_registry": registry} if topic.startswith("avro") else {}
        before, began = cpu_of_all(os.getpid()), time.monotonic()
        read(running, self.settings["bootstrap"], topic, **avro).write.format("noop").mode("overwrite").save()
        return cpu_of_all(os.getpid()) - before, time.monotonic() - began


def measure(options, bench: Bench, running) -> dict:
    made = {form: [] for form in FORMS}
    for number in range(options.rounds + 1):
        for form in FORMS:
            one = bench.daemon(form, number)
            if number:  # the first warms up the broker, and has the simulator keep its answer
                made[form].append(one)
    ways = [(form, late) for form in FORMS for late in (False, True) if form.startswith("avro") or not late]
    read_in = {way: [] for way in ways}
    for number in range(options.rounds + 1):
        for form, late in ways:
            taken = bench.spark(running, made[form][0]["topic"], late)
            if number:  # the first warms up
                read_in[form, late].append(taken)
    out = {}
    for form, runs in made.items():
        records = runs[0]["records"]
        millions = records * (5 if form.endswith("wide") else 1) / 1e6
        cpu, wall = (statistics.median(taken) for taken in zip(*read_in[form, False], strict=True))
        out[form] = {"records": records, "disk": bytes_on_disk(runs[0]["topic"]) / records,
                     "daemon": statistics.median(run["daemon"] for run in runs) / millions,
                     "spark": cpu / millions, "rows": records / wall}
        if (form, True) in read_in:
            out[form]["late_rows"] = records / statistics.median(wall for _, wall in read_in[form, True])
    return out


def report(found: dict):
    print(f"\n{DEFINITIONS}\n\n{'':12}{'records':>10}{'disk B':>10}{'daemon s/M':>12}{'Spark s/M':>12}{'rows/s':>10}")
    for form, one in found.items():
        print(f"{form:12}{one['records']:>10}{one['disk']:>10.1f}{one['daemon']:>12.2f}{one['spark']:>12.1f}{one['rows']:>10.0f}")
    for shape in ("long", "wide"):
        json_, avro = found[f"json {shape}"], found[f"avro {shape}"]
        print(f"late ids / known ids, avro {shape}: rows {avro['late_rows'] / avro['rows']:.2f}")
        print(f"avro / json, {shape}: " + ", ".join(f"{name} {avro[name] / json_[name]:.2f}" for name in ("disk", "daemon", "spark", "rows")))
    print(json.dumps(found))


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="oes-formats-") as name:
        folder = pathlib.Path(name)
        try:
            with Registry(folder) as registry:
                bench = Bench(options, folder, registry)
                running = session(folder)
                try:
                    report(measure(options, bench, running))
                finally:
                    running.stop()
                    bench.simulator.stop()
        except (PartError, RuntimeError, TimeoutError) as failed:
            print(f"formats: {failed}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
