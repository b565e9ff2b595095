"""The streams of a deployment: their configuration, and what the checker must know of each of their members."""

import re
from typing import NamedTuple

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MARKET = {"price", "demand", "demand_energy"}
INTERVALS = {"5m": 300, "1h": 3600}


def seconds(span: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([smhd])", span).groups()
    return int(number) * UNITS[unit]


class Shape(NamedTuple):
    """Which served points are a member's own, and how they are published."""
    network: str
    names: frozenset          # of the labels
    metrics: tuple            # as served: one, or in shape wide the columns
    interval: int = 300
    look_back: int = 72 * 3600
    revisions: str = "all"
    edge: str = "held_back"


class Stream(NamedTuple):
    name: str
    network: str
    metrics: tuple
    topic: str                # what follows the deployment's name
    primary: str = "network"
    secondary: str = "none"
    interval: str = "5m"
    shape: str = "long"
    edge: str = "held_back"
    revisions: str = "all"
    re_read: tuple = ()       # empty: as the product has it
    batch_hours: float = 0
    start: str = "-1h"
    trigger: str = "5m"

    @property
    def look_back(self) -> int:
        return max((seconds(one.split()[0]) for one in self.re_read), default=72 * 3600)

    def members(self) -> dict:
        names = set()
        if self.primary == "network_region":
            names.add("region")
        if self.secondary != "none" and not set(self.metrics) <= MARKET:
            names.add(self.secondary)
        def shape(metrics):
            return Shape(self.network, frozenset(names), metrics, INTERVALS[self.interval], self.look_back,
                         self.revisions, self.edge)
        if self.shape == "wide":
            return {(self.name, "*"): shape(tuple(self.metrics))}
        return {(self.name, metric): shape((metric,)) for metric in self.metrics}

    def yaml(self, deployment: str) -> str:
        lines = [f"- name: {self.name}", f"  network_code: {self.network}", f"  metrics: [{', '.join(self.metrics)}]",
                 f"  interval: {self.interval}", f"  primary_grouping: {self.primary}", f"  topic: {deployment}.{self.topic}",
                 f"  start: {self.start}", f"  trigger: {self.trigger}"]
        if self.secondary != "none":
            lines.append(f"  secondary_grouping: {self.secondary}")
        if self.re_read:
            lines.append(f"  re_read: [{', '.join(self.re_read)}]")
        if self.batch_hours:
            lines.append(f"  batch_size_hours: {self.batch_hours:g}")
        for key, value, usual in (("record.shape", self.shape, "long"), ("edge", self.edge, "held_back"),
                                  ("revisions", self.revisions, "all")):
            if value != usual:
                head, _, tail = key.partition(".")
                lines.append(f"  {head}: {{{tail}: {value}}}" if tail else f"  {head}: {value}")
        return "".join(f"  {line}\n" for line in lines)


FUEL = Stream("fuel", "NEM", ("power",), "fuel", "network_region", "fueltech")
REGIONS = Stream("regions", "NEM", ("price", "demand"), "regions", "network_region")
WEM = Stream("wem", "WEM", ("power",), "wem")
USUAL = (FUEL, REGIONS, WEM)
