#!/usr/bin/env python3
"""Starting, reloading, stopping, resting and being scraped. Started by service.sh."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]

from daemon_config import config  # noqa: E402
from daemon_run import cpu_seconds, status_kib, wait_for_end  # noqa: E402
from kafka import free_port  # noqa: E402
from parts import BINARIES, Clock, start_daemon, start_simulator  # noqa: E402
from service_manager import ServiceManager  # noqa: E402

KEY = "service-key-0123456789"
PROGRAM = BINARIES / "openelectricity-stream"
SCRAPES = 20
REGIONS = ("NSW1", "QLD1", "SA1", "TAS1", "VIC1")
FUELTECHS = ("wind", "solar_utility", "solar_rooftop", "hydro", "gas_ccgt", "gas_ocgt", "coal_black", "coal_brown", "distillate",
             "battery_discharging", "battery_charging")
DEFINITIONS = """\
Seconds from starting the process: ready, READY=1 to the service manager; leading, it polls. first_: on a Kafka without topics; else where the
deployment ran before. reload: the command that adds a stream, from its start to its end. stop: from SIGTERM to the end of the process. rest: CPU
seconds a minute at the live edge in real time, statistics and history on, and resident memory then. scrape: of /metrics, its bytes, how long it took,
and the daemon's CPU for it. Medians of the runs, without the first; rest is one measurement."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of starting, reloading and stopping (default 5)")
    parser.add_argument("--rest", type=int, default=120, help="seconds at rest (default 120)")
    return parser.parse_args()


class Service:
    """One deployment of so many streams; each start is timed."""

    def __init__(self, folder: pathlib.Path, streams: int, api: str, clock):
        self.folder = folder
        (folder / "progress").mkdir(parents=True)
        self.streams = streams
        self.port = free_port()
        self.settings = {"base_url": api, "bootstrap": os.environ["OES_TEST_BOOTSTRAP"], "clock": clock, "port": self.port,
                         "api": {"api_key": KEY}, "budget": {"requests_per_second": 1000}}
        self.part = None

    def text(self, streams: int) -> str:
        """A stream a region and fueltech, each with requests and a topic of its own."""
        kinds = [(region, fueltech) for fueltech in FUELTECHS for region in REGIONS][:streams]
        told = {f"{fueltech}-{region}": {"network_code": "NEM", "metrics": ["power"], "network_region": region, "fueltech": fueltech,
                                         "start": "-1h", "topic": f"{self.folder.name}.{fueltech}.{region}"}
                for region, fueltech in kinds}
        return config(self.folder.name, self.folder, streams=told, **self.settings)

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def leads(self) -> bool:
        try:
            return json.loads(self.page("/status.json"))["role"] == "leading"
        except OSError:
            return False

    def start(self) -> dict:
        manager = ServiceManager(self.folder / "notify")
        os.environ["NOTIFY_SOCKET"] = manager.path
        try:
            began = time.monotonic()
            self.part = start_daemon(BINARIES, self.folder, self.text(self.streams))
            self.part.wait_until(lambda: manager.heard("READY=1"), 60)
            ready = next(at for at, line in manager.told if line == "READY=1")
            self.part.wait_until(self.leads, 60)
            return {"ready": ready, "leading": time.monotonic() - began}
        finally:
            manager.close()
            os.unlink(manager.path)
            del os.environ["NOTIFY_SOCKET"]

    def reload(self) -> float:
        """Adds a stream, and takes it out again; seconds of the first."""
        file = self.folder / "openelectricity-stream.yaml"
        took = []
        for streams in (self.streams + 1, self.streams):
            file.write_text(self.text(streams), encoding="utf-8")
            began = time.monotonic()
            subprocess.run([PROGRAM, "reload", "--config", file], check=True, capture_output=True, timeout=60)
            took.append(time.monotonic() - began)
        return took[0]

    def stop(self) -> float:
        began = time.monotonic()
        self.part.process.terminate()
        wait_for_end(self.part.process, 30)
        return time.monotonic() - began

    def rest(self, seconds: int) -> dict:
        pid = self.part.process.pid
        time.sleep(10)  # what is measured is the time after the first polls
        before, began = cpu_seconds(pid), time.monotonic()
        time.sleep(seconds)
        return {"rest_cpu_s_per_minute": (cpu_seconds(pid) - before) * 60 / (time.monotonic() - began),
                "rest_rss_mib": status_kib(pid, "VmRSS") / 1024}

    def scrape(self) -> dict:
        took, used = [], []
        for _ in range(SCRAPES):
            before, began = cpu_seconds(self.part.process.pid), time.monotonic()
            size = len(self.page("/metrics").encode())
            took.append((time.monotonic() - began) * 1e3)
            used.append((cpu_seconds(self.part.process.pid) - before) * 1e3)
        return {"scrape_bytes": size, "scrape_ms": statistics.median(took), "scrape_cpu_ms": statistics.median(used)}


def measure(service: Service, options) -> dict:
    rounds = []
    for number in range(options.runs + 1):
        started = service.start()
        if not number:
            out = {f"first_{name}": seconds for name, seconds in started.items()}
            out |= service.rest(options.rest) | service.scrape()
        rounds.append(started | {"reload": service.reload(), "stop": service.stop()})
    return out | {name: statistics.median(one[name] for one in rounds[1:]) for name in rounds[0]}


def main() -> int:
    options = arguments()
    found = {}
    with tempfile.TemporaryDirectory(prefix="oes-service-") as name:
        folder = pathlib.Path(name)
        clock = Clock("2026-03-18T00:00:00+10:00", 1)
        simulator, api = start_simulator(BINARIES, folder, clock, KEY, "--calm", "--rate-limit", "off")
        try:
            for streams in (3, 50):
                service = Service(folder / f"service{streams}", streams, api, clock)
                try:
                    found[streams] = measure(service, options)
                finally:
                    if service.part and service.part.process.returncode is None:
                        service.part.stop()
        finally:
            simulator.stop()
    print(f"\n{DEFINITIONS}\n\n{'':24}" + "".join(f"{f'{streams} streams':>12}" for streams in found))
    for name in found[3]:
        print(f"{name:24}" + "".join(f"{one[name]:>12.3f}" for one in found.values()))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
