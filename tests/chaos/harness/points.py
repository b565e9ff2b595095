"""The named fault points, read from the sources; and what it takes to come to those that an ordinary life does not pass."""

import functools
import re

from . import ROOT

# Only with at_least_once, or only with a bug seeded.
ELSEWHERE = {"deliver.data-delivered", "deliver.progress-delivered", "transact.split"}
AT_STOP = {"term.stopping", "term.over", "leader.resigning", "member.unassigned"}
# Passed once the broker has been asked twice for the same end of a transaction, or its answers stay away.
AFTER_A_LATE_END = {"leader.before-retirement", "leader.retired", "committer.unproven"}
AFTER_SILENCE = {"leader.unsettled", "committer.unknown"}


@functools.cache
def all_points() -> tuple:
    found = set()
    for source in sorted((ROOT / "src").rglob("*.cpp")):
        found.update(re.findall(r'fault_point\("([^"]+)"\)', source.read_text(encoding="utf-8")))
    return tuple(sorted(found - ELSEWHERE))


def passings(point: str, chance) -> int:
    """At which passing: points inside loops are passed often, those of a start once in a life."""
    room = point.split(".")[0]
    if point == "producer.amid-data":
        return chance.randint(1, 400)
    if room in ("transact", "wire", "committer", "file", "reader", "poll-loop") and "claim" not in point:
        return chance.randint(1, 6)
    return 1


def delay_ms(point: str) -> tuple:
    """From, to: short where a point is passed for each record."""
    return (1, 3) if point in ("producer.amid-data", "transact.amid-progress") else (20, 600)
