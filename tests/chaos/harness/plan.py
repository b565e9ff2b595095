"""What befalls a deployment, drawn from its seed alone: the same seed gives the same plan."""

import random

from . import network, points, progress_files

# Shares of a deployment's lives.
LIVES = {"random": 28, "point": 30, "network": 20, "zombie": 11, "standby": 2, "file": 5, "disk": 2, "stop": 2}
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
        self.next_point = self._points.next
        self.next_network = self._network.next
        self.next_file = self._files.next
        self.next_disk = self._disks.next

    def next_life(self) -> str:
        return self.chance.choices(list(LIVES), LIVES.values())[0]

    def clock_step(self) -> float:
        """By how many simulated seconds the daemon's clock is wrong in its next life."""
        if self.chance.random() >= CLOCK_STEPS:
            return 0
        return self.chance.uniform(-SLOW, FAST)
