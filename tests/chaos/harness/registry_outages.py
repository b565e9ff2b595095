"""A schema registry that does not answer for a while, now and then."""

import random
import threading
import time

from . import SUPPORT  # noqa: F401  (sys.path)
from .tally import Tally
from registry import Registry


class RegistryOutages:
    """Within a `with`, on a thread of its own; it answers again after `until`, and at the end. It is stopped and never emptied: that
    its schemas are gone must be refused, which is no outage."""

    def __init__(self, registry: Registry, tally: Tally, chance: random.Random, until: float):
        self._registry, self._tally, self._chance, self._until = registry, tally, chance, until
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._pause(2.0, 12.0):
            self._registry.pause()
            self._tally.count("registry_outages")
            self._pause(1.0, 15.0)
            self._registry.go_on()

    def _pause(self, low: float, high: float) -> bool:
        """Whether it is over."""
        left = self._until - time.monotonic()
        return self._over.wait(min(self._chance.uniform(low, high), max(left, 0))) or time.monotonic() >= self._until

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
