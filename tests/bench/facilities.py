#!/usr/bin/env python3
"""One day of all units of the NEM, from the API to the last commit. Started by facilities.sh."""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]

from daemon_run import cpu_seconds, instant, status_kib  # noqa: E402
from daemon_config import config  # noqa: E402
from kafka import free_port  # noqa: E402
from parts import Clock, PartError, start_daemon, start_simulator  # noqa: E402

KEY = "bench-key-0123456789"
SHOWN = "2026-03-18T00:01:00+10:00"
DAY = "2026-03-16T23:55:00"  # to the edge, which a live query withholds: 288 labels
STREAM = {"facility_code": "all", "metrics": ["power", "energy", "emissions", "market_value", "storage_battery"], "start": DAY}
DEFINITIONS = """\
requests: of data/facilities, by the simulator's count; the list of facilities is one more.
seconds: from the list's arrival to the last commit, by the daemon's log: fetch, decode, join, encode, commit. The simulator
  has its answers ready.
cpu: user + system seconds of the daemon from its start to the last commit, start-up included.
peak RSS: VmHWM after the last commit."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="folder of daemon and simulator")
    parser.add_argument("--runs", type=int, default=5, help="measured, after one that is not (default 5)")
    parser.add_argument("--deadline", type=float, default=180, help="seconds for each run (default 180)")
    return parser.parse_args()


def ask(api: str, path: str) -> dict:
    request = urllib.request.Request(api + path, headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def world_of(api: str) -> dict:
    listed = [facility for facility in ask(api, "/facilities/")["data"] if facility["network_id"] == "NEM"]
    return {"facilities": len(listed), "units": sum(len(facility["units"]) for facility in listed)}


def requests_so_far(api: str) -> int:
    return ask(api.replace("/v4", ""), "/_sim/stats")["served"]


def one_run(options, folder: pathlib.Path, name: str, **settings) -> dict:
    (folder / name / "progress").mkdir(parents=True)
    before = requests_so_far(settings["base_url"])
    part = start_daemon(options.binaries, folder / name, config(
        name, folder / name, port=free_port(), api={"api_key": KEY}, budget={"requests_per_second": 1000},
        log={"format": "json"}, streams={"units": STREAM | {"topic": name}}, **settings))

    def lines(sentence: str) -> list:
        found = [json.loads(line) for line in part.log.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        return [line for line in found if line.get("msg") == sentence]

    try:
        published = part.wait_until(lambda: lines("published"), options.deadline)
        pid = part.process.pid
        used, peak = cpu_seconds(pid), status_kib(pid, "VmHWM")
        read = lines("the list of facilities was read")[0]
        return {"records": sum(int(line["records"]) for line in published), "cpu_s": used, "peak_kib": peak,
                "seconds": instant(published[-1]["time"]) - instant(read["time"]),
                "requests": requests_so_far(settings["base_url"]) - before - 1}
    finally:
        part.stop()


def report(runs: list, world: dict) -> dict:
    middle = {field: statistics.median(run[field] for run in runs) for field in runs[0]}
    line = {**world, "records": round(middle["records"]), "requests": round(middle["requests"]),
            "seconds": round(middle["seconds"], 2), "cpu_s": round(middle["cpu_s"], 2),
            "cpu_s_per_million": round(middle["cpu_s"] / middle["records"] * 1e6, 2),
            "peak_rss_mib": round(middle["peak_kib"] / 1024, 1)}
    print(f"\n{DEFINITIONS}\n\nmedians of {len(runs)} runs (least … most):")
    for field, unit in (("requests", ""), ("seconds", " s"), ("cpu_s", " CPU-s"), ("peak_kib", " KiB")):
        values = [run[field] for run in runs]
        print(f"{field:10}{middle[field]:>12.2f}{unit}  ({min(values):.2f} … {max(values):.2f})")
    return line


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="oes-facilities-") as name:
        folder = pathlib.Path(name)
        clock = Clock(SHOWN, 1)
        simulator, api = start_simulator(options.binaries, folder, clock, KEY, "--calm", "--memoise-answers", "--rate-limit",
                                         "off", "--facilities-per-fueltech", "6")
        settings = {"base_url": api, "bootstrap": os.environ["OES_TEST_BOOTSTRAP"], "clock": clock}
        try:
            world = world_of(api)
            one_run(options, folder, "warm-up", **settings)  # the simulator keeps its answers, the broker gets compiled
            runs = [one_run(options, folder, f"run-{number}", **settings) for number in range(1, options.runs + 1)]
            line = report(runs, world)
        except (PartError, RuntimeError, TimeoutError) as failed:
            print(f"facilities: {failed}", file=sys.stderr)
            return 1
        finally:
            simulator.stop()
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
