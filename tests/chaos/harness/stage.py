"""One small deployment for a directed scenario, and what every scenario does with it."""

import pathlib
import time
from typing import Callable

from . import checker, verify
from .bed import Bed
from .deployment import Deployment, Settings
from .progress_files import read_valid
from .streams import REGIONS

WAIT = 40


class Stage:
    def __init__(self, bed: Bed, folder: pathlib.Path, name: str, bugs: str, delivery: str = "exactly_once"):
        self.bed = bed
        self.bugs = bugs
        self.trace = folder / f"{name}.trace"
        self.samples = set()
        settings = Settings(streams=(REGIONS,), faults="", simulator=("--calm",), small_disk=False, speed=400.0,
                            delivery=delivery, transaction_timeout="6s", message_timeout="4s")
        self.deployment = Deployment(bed, folder, name, 7, settings)
        self.daemon = self.deployment.daemon

    def start(self, kill_at: str = "", wait: bool = True, **environment):
        since = self.daemon.log_size()
        self.daemon.start(OES_CHAOS_BUG=self.bugs, OES_CHAOS_KILL_AT=kill_at, OES_CHAOS_TRACE=str(self.trace), **environment)
        if wait and not kill_at.endswith(":pause"):
            self.must(self.daemon.leads(WAIT, since), "it does not lead")

    def must(self, fine: bool, what: str):
        if not fine:
            raise AssertionError(f"{self.deployment.name}: {what}\n{self.daemon.log_text()[-3000:]}")

    def until(self, ready: Callable, what: str, seconds: float = WAIT):
        deadline = time.monotonic() + seconds
        while not ready():
            self.must(time.monotonic() < deadline, f"not in time: {what}")
            time.sleep(0.03)

    def passed(self, point: str) -> int:
        return self.trace.read_text(encoding="ascii").split().count(point) if self.trace.exists() else 0

    def passes(self, point: str, more: int):
        """Waits until it has come by there so many times more."""
        before = self.passed(point)
        self.until(lambda: self.passed(point) >= before + more, f"{more} × {point}")

    def dies_at(self, point: str, passing: int = 3):
        self.start(f"{point}:{passing}", wait=False)
        self.until(lambda: not self.daemon.running, f"dying at {point}")
        self.must(self.daemon.exit_code == -9, f"exit code {self.daemon.exit_code}")
        self.sample()

    def sample(self):
        body = read_valid(self.daemon.progress)
        if body:
            self.samples.add((body["sequence"], body["offset"]))

    def judged(self, may_refuse: bool = False, clocks_right: bool = True) -> dict:
        """Settles everything and asks the checker. `may_refuse`: a daemon without the bug may see itself what it broke."""
        if self.daemon.running:
            self.must(self.daemon.stop() == 0, "SIGTERM")
        self.sample()
        codes = []
        while codes[-1:] != [0] and len(codes) < 3:
            codes.append(self.daemon.once())
        self.must(codes[-1] == 0 or may_refuse and codes[-1] == 78, f"run --once: {codes}")
        options = checker.Options(look_back=0, clocks_right=clocks_right)
        return verify.verify(verify.job_of(self.deployment, self.samples, options))[2]

    def close(self):
        self.deployment.close()
