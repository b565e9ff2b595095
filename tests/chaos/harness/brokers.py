"""Brokers that die and come back while deployments run: one at a time, so that a majority always remains. The next may go
before its partitions are in sync again: some are then out of reach for a while, which must cost nothing but time."""

import random
import threading
import time

from .bed import Bed
from .tally import Tally


class BrokerFaults:
    """kill -9 three times of four, an orderly stop (which moves its coordinators at once) the fourth."""

    def __init__(self, bed: Bed, tally: Tally, chance: random.Random, until: float, gap: tuple = (0.5, 2.5)):
        self._bed, self._tally, self._chance, self._until, self._gap = bed, tally, chance, until, gap
        self._stop = threading.Event()

    def run(self):
        """Returns with all brokers running. On the thread that started them, which must outlive them."""
        while time.monotonic() < self._until and not self._stop.wait(self._chance.uniform(*self._gap)):
            node = self._chance.choice(self._bed.cluster.nodes)
            if self._chance.random() < 0.75:
                node.kill()
                self._tally.count("broker_kills")
            else:
                node.stop()
                self._tally.count("coordinator_moves")
            self._stop.wait(self._chance.uniform(0.3, 3.0))
            node.start()
            self._bed.cluster.wait_ready(120)
        self._bed.wait_healthy(120)
