"""Brokers that die and come back while deployments run: one at a time, so that a majority always remains. The next may go
before its partitions are in sync again: some are then out of reach for a while, which must cost nothing but time."""

import random
import threading
import time

from .bed import Bed
from .tally import Tally

AGAIN_WHILE_STARTING = 0.5
CUT_OFF = 0.15


class BrokerFaults:
    """kill -9 four times of five, half of them once more while the broker recovers; an orderly stop, which moves its
    coordinators at once, the fifth. Now and then one is cut off from the controllers alone: another leads its partitions, and
    it does not know. `rollback`: what is done with all of them stopped."""

    def __init__(self, bed: Bed, tally: Tally, chance: random.Random, until: float, rollback=None, gap: tuple = (0.5, 2.5)):
        self._rollback = rollback
        self._bed, self._tally, self._chance, self._until, self._gap = bed, tally, chance, until, gap
        self._stop = threading.Event()

    def run(self):
        """Returns with all brokers running. On the thread that started them, which must outlive them."""
        while time.monotonic() < self._until and not self._pause(*self._gap):
            if self._rollback and self._rollback.step():
                continue
            node = self._chance.choice(self._bed.cluster.nodes)
            if self._chance.random() < CUT_OFF:
                span = self._chance.randint(2500, 9000)
                self._bed.cut_off(node, span)
                self._tally.count("cut_offs")
                self._pause(span / 1000, span / 1000 + 2)
                continue
            if self._chance.random() < 0.8:
                self._kill(node)
            else:
                node.stop()
                self._tally.count("coordinator_moves")
            self._pause(0.3, 2.0)
            node.start()
            self._bed.cluster.wait_ready(120)
        self._bed.wait_healthy(120)

    def _kill(self, node):
        node.kill()
        self._tally.count("broker_kills", "running")
        while self._chance.random() < AGAIN_WHILE_STARTING:
            self._pause(0.1, 1.0)
            node.start()
            self._pause(0.5, 5.0)
            node.kill()
            self._tally.count("broker_kills", "starting")

    def _pause(self, low: float, high: float) -> bool:
        return self._stop.wait(self._chance.uniform(low, high))
