"""A partition of one deployment put back to an older copy while its daemons run, as a broker's restored disk would, or its topic
deleted: what was committed is gone. The right outcome is a refusal (exit code 78), whenever it is seen; then an operator decides."""

import pathlib
import shutil
import time

from .bed import Bed
from .progress_files import read_valid
from .tally import Tally


KINDS = ("progress", "data", "progress-deleted", "data-deleted")


class Rollback:
    """Two steps, on the thread of the brokers' faults: the copy, and later the putting back. All brokers are down for each, but
    where a topic is deleted."""

    def __init__(self, bed: Bed, tally: Tally, driver, folder: pathlib.Path, kind: str, copy_at: float, back_at: float):
        """`kind`: of KINDS. `copy_at`, `back_at`: monotonic times."""
        self._bed, self._tally, self._driver, self._folder, self._kind = bed, tally, driver, folder, kind
        self._copy_at, self._back_at = copy_at, back_at
        self._sequence = None
        self._done = False

    def step(self) -> bool:
        """Whether something was done now."""
        now = time.monotonic()
        if self._done or now < (self._copy_at if self._sequence is None else self._back_at):
            return False
        if self._sequence is None:
            self._driver.spared = True  # its file is the witness: nothing else befalls that
            self._sequence = self._newest_sequence()
            if not self._deletes:
                self._with_all_stopped(self._copy)
        elif self._newest_sequence() <= self._sequence + 1:
            return False  # nothing to lose yet
        else:
            self._done = True
            self._driver.rolled_back = self._kind
            if self._deletes:
                self._bed.delete_topic(self._topic)
            else:
                self._with_all_stopped(self._put_back)
            self._tally.count("rollbacks", self._kind)
        return True

    def _newest_sequence(self) -> int:
        bodies = [read_valid(daemon.progress) for daemon in self._driver.deployment.daemons]
        return max((body["sequence"] for body in bodies if body), default=0)

    @property
    def _deletes(self) -> bool:
        return self._kind.endswith("-deleted")

    @property
    def _topic(self) -> str:
        deployment = self._driver.deployment
        return deployment.progress_topic if self._kind.startswith("progress") else deployment.topics[0]

    def _copy(self, here: pathlib.Path, there: pathlib.Path):
        if here.exists():
            shutil.copytree(here, there)

    def _put_back(self, here: pathlib.Path, there: pathlib.Path):
        if there.exists():
            shutil.rmtree(here, ignore_errors=True)
            shutil.copytree(there, here)

    def _with_all_stopped(self, what):
        cluster = self._bed.cluster
        cluster.stop_nodes()
        for node in cluster.nodes:
            what(node.folder / "data" / f"{self._topic}-0", self._folder / f"older-{node.number}")
        for node in cluster.nodes:
            node.start()
        cluster.wait_ready(120)
