"""What befalls a deployment, drawn from its seed alone: the same seed gives the same plan."""

import random

from . import network, points, progress_files, simulator_orders

# Shares of a deployment's lives.
LIVES = {"random": 24, "point": 28, "network": 16, "zombie": 11, "standby": 2, "file": 5, "disk": 2, "stop": 2, "api": 6,
         "calm": 2, "backfill": 9, "partitions": 1, "clock": 8, "rights": 3}
DELAYS = 0.15  # of the daemons wait at some points
CLOCK_STEPS = 0.06
# Simulated seconds. A clock that is fast beyond the patience with holes (schedule.hole_after) makes gaps, to be filled later.
FAST, SLOW = 12 * 3600, 3 * 3600


class Cycle:
    """All of a list in random order, again and again, so that none is left out."""

    def __init__(self, chance: random.Random, items):
        self._chance = chance
        self._items = list(items)
        self._left = []

    def next(self):
        if not self._left:
            self._left = self._chance.sample(self._items, len(self._items))
        return self._left.pop()


class Plan:
    def __init__(self, seed: int, number: int, offset: int = 0):
        self.chance = random.Random(f"{seed}/{number}")
        self.seed = self.chance.randrange(1 << 30)
        self._points = Cycle(self.chance, points.all_points())
        self._network = Cycle(self.chance, network.KINDS)
        self._files = Cycle(self.chance, (*progress_files.KINDS, "swap"))
        self._disks = Cycle(self.chance, ("full", "read-only"))
        self._outages = Cycle(self.chance, simulator_orders.KINDS)
        self.next_outage = self._outages.next
        self._delayed = Cycle(self.chance, points.all_points())
        self.next_point = self._points.next
        self.next_network = self._network.next
        self.next_file = self._files.next
        self.next_disk = self._disks.next

    def next_life(self) -> str:
        return self.chance.choices(list(LIVES), LIVES.values())[0]

    def clock_step(self, always: bool = False) -> float:
        """By how many simulated seconds the daemon's clock is wrong in its next life; `always`: not 0."""
        if not always and self.chance.random() >= CLOCK_STEPS:
            return 0
        return self.chance.uniform(-SLOW, FAST)

    def delays(self) -> str:
        """Points at which the next daemon waits, as OES_CHAOS_DELAY_AT says it; empty for most."""
        if self.chance.random() >= DELAYS:
            return ""
        chosen = (self._delayed.next(), self._delayed.next())
        return ",".join(f"{point}:{self.chance.randint(*points.delay_ms(point))}" for point in chosen)
