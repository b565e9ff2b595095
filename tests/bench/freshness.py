"""Staleness: how long a point that the API shows waits until a poller has it. Pure; seconds."""

import bisect


def share(values: list, part: float) -> float:
    """The value below which `part` of all values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def fixed_waits(shown: list, polls: int, begin: float, length: float, phases: int = 40) -> list:
    """Waits of points shown at these times for a poller that polls `polls` times at even distances; every phase counts alike."""
    every = length / polls
    waits = []
    for phase in range(phases):
        first = begin + every * phase / phases
        waits += [(first - at) % every for at in shown]
    return waits


def perfect_wait(groups: list, polls: int) -> float:
    """A lower bound of the sum of all waits, over groups of times shown, with `polls` polls in all: each poll would have to
    know the future. (Lagrange: the best polls at a price each, for the price that tells most.)"""
    steps = [sorted({at: times.count(at) for at in set(times)}.items()) for times in groups]
    low, high = 0.0, 1e7
    best = 0.0
    for _ in range(30):
        price = (low + high) / 2
        cost, used = 0.0, 0
        for times in steps:
            group_cost, group_used = _best_polls(times, price)
            cost, used = cost + group_cost, used + group_used
        best = max(best, cost - price * polls)
        if used > polls:
            low = price
        else:
            high = price
    return best


def _best_polls(steps: list, price: float) -> tuple:
    """(waits + price × polls, polls) of one group at its best; a poll is right after something was shown."""
    best = [(0.0, 0)]
    for end in range(1, len(steps) + 1):
        at = steps[end - 1][0]
        waiting, choice = 0.0, None
        for begin in range(end - 1, -1, -1):
            shown, points = steps[begin]
            waiting += points * (at - shown)
            candidate = (best[begin][0] + waiting + price, best[begin][1] + 1)
            if choice is None or candidate[0] < choice[0]:
                choice = candidate
            elif waiting > choice[0]:
                break
        best.append(choice)
    return best[-1]


def within(times: list, begin: float, end: float) -> list:
    ordered = sorted(times)
    return ordered[bisect.bisect_left(ordered, begin):bisect.bisect_left(ordered, end)]
