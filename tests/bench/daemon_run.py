"""One life of the daemon, measured: with the whole answer to publish, or with nothing to do."""

import datetime
import json
import os
import pathlib
import signal
import time

from daemon_config import config
from kafka import free_port
from parts import PartError, start_daemon

STREAM = {"network_code": "NEM", "metrics": ["power", "energy", "emissions", "market_value", "storage_battery"],
          "primary_grouping": "network_region", "secondary_grouping": "fueltech"}


def instant(text: str) -> float:
    """Seconds since 1970."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def cpu_seconds(pid: int) -> float:
    """User and system time of another process that still runs, in nanosecond steps: clock_getcpuclockid(3)."""
    return time.clock_gettime((~pid << 3) | 2)


def status_kib(pid: int, field: str) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise KeyError(field)


def wait_for_end(process, seconds: float) -> float:
    """Waits for a child by wait4; user and system seconds of its whole life. Killed at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise RuntimeError(f"{process.args[0]} ended with code {process.returncode}")
            return used.ru_utime + used.ru_stime
        if time.monotonic() > deadline:
            process.kill()
            deadline = float("inf")
        time.sleep(0.01)


class DaemonRun:
    def __init__(self, binaries, folder: pathlib.Path, deadline: float, name: str, start: str, key: str, stream: dict = None,
                 **settings):
        folder.mkdir()
        (folder / "progress").mkdir()
        self.deadline = deadline
        self.part = start_daemon(binaries, folder, config(
            name, folder, port=free_port(), api={"api_key": key}, log={"format": "json"},
            streams={"bench": (stream or STREAM) | {"start": start, "topic": name}}, **settings))

    @property
    def pid(self) -> int:
        return self.part.process.pid

    def _line(self, sentence: str):
        for line in self.part.log.read_text(encoding="utf-8").splitlines():
            found = json.loads(line) if line.endswith("}") else {}
            if found.get("msg") == sentence:
                return found
        return None

    def wait_for(self, sentence: str) -> dict:
        return self.part.wait_until(lambda: self._line(sentence), self.deadline)

    def stop(self) -> float:
        """CPU seconds of its whole life."""
        self.part.process.send_signal(signal.SIGTERM)
        try:
            return wait_for_end(self.part.process, 20)
        except RuntimeError as failed:
            raise PartError(f"{failed}:\n{self.part.log_tail()}") from failed

    def kill(self):
        if self.part.process.returncode is None:
            self.part.stop()


def idle(seconds: float, **settings) -> dict:
    """A daemon whose stream begins in the future: what starting and stopping cost, and what it holds at rest."""
    run = DaemonRun(start="2030-01-01T00:00:00", **settings)
    try:
        began = time.monotonic()
        run.wait_for("request group opened")
        started = cpu_seconds(run.pid)
        time.sleep(max(0.0, began + seconds - time.monotonic()))  # what is measured is this very time
        rss = status_kib(run.pid, "VmRSS")
        rested = cpu_seconds(run.pid)
        total = run.stop()
        return {"start_stop_cpu_s": started + total - rested, "idle_cpu_s_per_minute": (rested - started) * 60 / seconds,
                "idle_rss_kib": rss}
    finally:
        run.kill()


def backfill(**settings) -> dict:
    """A daemon that finds the whole answer to publish, stopped once that is committed."""
    run = DaemonRun(**settings)
    try:
        committed = run.wait_for("published")
        peak = status_kib(run.pid, "VmHWM")
        total = run.stop()
        return {"records": int(committed["records"]), "cpu_s": total, "peak_kib": peak,
                "committed_at": instant(committed["time"])}
    finally:
        run.kill()


def arrived_at(clock, value: bytes) -> float:
    """When the answer's last byte was there, real seconds since 1970: `fetched_at` of a record, on the test clock."""
    shown = instant(json.loads(value)["fetched_at"]) - instant(clock.shown)
    return clock.real_anchor / 1e6 + shown / clock.speed
