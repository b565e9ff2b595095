"""Ranges of time in seconds."""

import bisect
import datetime


def instant(label: str) -> int:
    return round(datetime.datetime.fromisoformat(label).timestamp())


class Ranges:
    """Disjoint [begin, end), ascending."""

    def __init__(self, pairs=()):
        self.pairs = sorted((instant(begin), instant(end)) for begin, end in pairs)

    @classmethod
    def of(cls, pairs: list) -> "Ranges":
        made = cls()
        for begin, end in sorted(pairs):
            if made.pairs and made.pairs[-1][1] >= begin:
                made.pairs[-1] = (made.pairs[-1][0], max(end, made.pairs[-1][1]))
            else:
                made.pairs.append((begin, end))
        return made

    def holds(self, at: int) -> bool:
        place = bisect.bisect_right(self.pairs, (at, float("inf"))) - 1
        return place >= 0 and at < self.pairs[place][1]

    def without(self, other: "Ranges") -> list:
        """What is here and not there."""
        if self.pairs == other.pairs:
            return []
        left = list(self.pairs)
        for begin, end in other.pairs:
            cut = []
            for low, high in left:
                if end <= low or high <= begin:
                    cut.append((low, high))
                    continue
                if low < begin:
                    cut.append((low, begin))
                if end < high:
                    cut.append((end, high))
            left = cut
        return left
