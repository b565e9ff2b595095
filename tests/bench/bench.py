#!/usr/bin/env python3
"""The daemon against a bare librdkafka producer and a Python poller: one broker, one answer, runs in turn, medians.

Started by run.sh. Definitions are printed with the table; the last line is one JSON object for machines.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]

from daemon_run import arrived_at, backfill, idle, wait_for_end  # noqa: E402
from dump import any_value, dump  # noqa: E402
from kafka_io import make_topic  # noqa: E402
from parts import Clock, PartError, start_simulator  # noqa: E402

KEY = "bench-key-0123456789"
# 2304 labels up to the edge that a live query withholds: 8 days of 5-minute intervals, 5 metrics, 50 series.
SHOWN = "2026-03-18T00:00:00+10:00"
START = "2026-03-09T23:50:00"
RECORDS = 576_000
MILLION = RECORDS / 1e6
QUERY = ("metrics=power&metrics=energy&metrics=emissions&metrics=market_value&metrics=storage_battery&interval=5m"
         f"&primary_grouping=network_region&secondary_grouping=fueltech&date_start={START}")
DEFINITIONS = """\
cpu: user + system seconds of the process for a million records.
  daemon   its whole life by wait4, less that of a daemon with the same configuration and nothing to fetch (start, join,
           stop): what is left is fetch, decode, encode, produce, commit and progress ("net"; "gross" is undiminished)
  bare     from the first begin to the last commit ("net"; "gross" also reads the dump and starts librdkafka)
  python   from the request to the end of the flush ("net"; "gross" also starts the interpreter)
records/s: daemon and python from the answer's last byte received to the last commit (python: to the flush's end);
  bare from the first begin to the last commit.
peak RSS: VmHWM after the last commit. idle RSS: VmRSS of a daemon with nothing to fetch, 10 s after its start."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="folder of daemon and simulator")
    parser.add_argument("--bare", type=pathlib.Path, required=True, help="the program bench_bare_producer")
    parser.add_argument("--runs", type=int, default=5, help="of each (default 5)")
    parser.add_argument("--deadline", type=float, default=120, help="seconds for each run (default 120)")
    return parser.parse_args()


class Bench:
    def __init__(self, options, folder: pathlib.Path):
        self.options = options
        self.folder = folder
        self.bootstrap = os.environ["OES_TEST_BOOTSTRAP"]
        self.clock = Clock(SHOWN, 1)
        self.simulator, self.api = start_simulator(options.binaries, folder, self.clock, KEY, "--fixed-world",
                                                   "--calm", "--memoise-answers", "--rate-limit", "off")

    def _settings(self, name: str) -> dict:
        return {"binaries": self.options.binaries, "folder": self.folder / name, "name": name, "base_url": self.api,
                "key": KEY, "bootstrap": self.bootstrap, "deadline": self.options.deadline,
                "clock": self.clock}

    def idle(self, number: int) -> dict:
        return idle(10, **self._settings(f"idle-{number}"))

    def daemon(self, number: int) -> dict:
        name = f"daemon-{number}"
        found = backfill(start=START, **self._settings(name))
        arrived = arrived_at(self.clock, any_value(self.bootstrap, name, 30))
        return {**found, "seconds": found["committed_at"] - arrived}

    def _program(self, *command) -> dict:
        """Its JSON line, and the CPU seconds of its whole life."""
        with subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True) as process:
            gross = wait_for_end(process, self.options.deadline)
            return {**json.loads(process.stdout.read()), "gross_cpu_s": gross}

    def bare(self, number: int) -> dict:
        topic = make_topic(self.bootstrap, f"bare-{number}")
        return self._program(self.options.bare, self.bootstrap, topic, self.folder / "dump")

    def python(self, number: int) -> dict:
        topic = make_topic(self.bootstrap, f"python-{number}")
        return self._program(sys.executable, HERE / "python_poller.py", f"{self.api}/data/network/NEM?{QUERY}", KEY,
                             self.bootstrap, topic)

    def warm_up(self) -> dict:
        """Each once, not counted: the simulator keeps the answer, the broker's code gets compiled."""
        self.python(0)
        found = self.daemon(0)
        if found["records"] != RECORDS:
            raise PartError(f"the daemon published {found['records']} records at once, not {RECORDS}")
        dumped = dump(self.bootstrap, "daemon-0", RECORDS, self.folder / "dump", self.options.deadline)
        self.bare(0)
        return dumped

    def measure(self) -> dict:
        kinds = {"idle": self.idle, "daemon": self.daemon, "bare": self.bare, "python": self.python}
        runs = {kind: [] for kind in kinds}
        for number in range(1, self.options.runs + 1):
            for kind, one in kinds.items():
                runs[kind].append(one(number))
                if runs[kind][-1].get("records", RECORDS) != RECORDS:
                    raise PartError(f"{kind}, run {number}: {runs[kind][-1]['records']} records")
            print(f"run {number}: " + ", ".join(f"{kind} {runs[kind][-1]['seconds']:.2f} s"
                                                for kind in ("daemon", "bare", "python")), flush=True)
        return runs


def medians(runs: list) -> dict:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def report(runs: dict, dumped: dict):
    idling, daemon, bare, python = (medians(runs[kind]) for kind in ("idle", "daemon", "bare", "python"))
    net = daemon["cpu_s"] - idling["start_stop_cpu_s"]
    answer_mib = python["answer_bytes"] / 2**20
    line = {"records_per_s": round(RECORDS / daemon["seconds"]),
            "cpu_s_per_million": round(net / MILLION, 3),
            "peak_rss_mib": round(daemon["peak_kib"] / 1024, 1),
            "bare_records_per_s": round(RECORDS / bare["seconds"]),
            "bare_cpu_s_per_million": round(bare["cpu_s"] / MILLION, 3),
            "python_cpu_s_per_million": round(python["cpu_s"] / MILLION, 3),
            "answer_mib": round(answer_mib, 1),
            "idle_rss_mib": round(idling["idle_rss_kib"] / 1024, 1)}
    print(f"\n{RECORDS} records of {dumped['bytes'] / RECORDS:.0f} bytes with key, {dumped['transactions']} "
          f"transactions; medians of {len(runs['daemon'])} runs in turn (least … most)\n\n{DEFINITIONS}\n")
    print(f"{'':8}{'records/s':>12}{'net CPU-s/M':>13}{'(least … most)':>19}{'gross':>8}{'peak RSS MiB':>14}")
    rows = (("daemon", line["records_per_s"], net, "cpu_s", idling["start_stop_cpu_s"], daemon["cpu_s"],
             line["peak_rss_mib"]),
            ("bare", line["bare_records_per_s"], bare["cpu_s"], "cpu_s", 0, bare["gross_cpu_s"], None),
            ("python", round(RECORDS / python["seconds"]), python["cpu_s"], "cpu_s", 0, python["gross_cpu_s"],
             python["peak_kib"] / 1024))
    for name, rate, cpu, field, less, gross, peak in rows:
        all_runs = [(run[field] - less) / MILLION for run in runs[name]]
        spread = f"({min(all_runs):.2f} … {max(all_runs):.2f})"
        print(f"{name:8}{rate:>12}{cpu / MILLION:>13.2f}{spread:>19}{gross / MILLION:>8.2f}"
              f"{'' if peak is None else f'{peak:.0f}':>14}")
    print(f"\nidle daemon: {line['idle_rss_mib']} MiB, start and stop {idling['start_stop_cpu_s']:.3f} CPU-s, at rest "
          f"{idling['idle_cpu_s_per_minute']:.3f} CPU-s a minute; answer {answer_mib:.1f} MiB\n")
    for what, is_now, limit, met in (
            ("CPU, times bare", net / bare["cpu_s"], "<= 1.3", net <= 1.3 * bare["cpu_s"]),
            ("records/s, share of bare's", bare["seconds"] / daemon["seconds"], ">= 0.80",
             bare["seconds"] >= 0.8 * daemon["seconds"]),
            ("CPU, times Python's", net / python["cpu_s"], "<= 0.6", net <= 0.6 * python["cpu_s"]),
            ("peak RSS beyond the answer, MiB", line["peak_rss_mib"] - answer_mib, "<= 64",
             line["peak_rss_mib"] <= answer_mib + 64),
            ("idle RSS, MiB", line["idle_rss_mib"], "<= 20", line["idle_rss_mib"] <= 20)):
        print(f"{what:34}{is_now:>7.2f}  target {limit:8}{'met' if met else 'MISSED'}")
    print(json.dumps(line))


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="oes-bench-") as folder:
        try:
            bench = Bench(options, pathlib.Path(folder))
            try:
                dumped = bench.warm_up()
                report(bench.measure(), dumped)
            finally:
                bench.simulator.stop()
        except (PartError, RuntimeError, TimeoutError) as failed:
            print(f"bench: {failed}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
