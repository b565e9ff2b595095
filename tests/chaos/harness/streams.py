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
    format: str = "json"
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

    def options(self, deployment: str) -> dict:
        """As the configuration says them; what is usual is left to the program."""
        said = {"network_code": self.network, "metrics": list(self.metrics), "interval": self.interval,
                "primary_grouping": self.primary, "topic": f"{deployment}.{self.topic}", "start": self.start,
                "trigger": self.trigger}
        if self.secondary != "none":
            said["secondary_grouping"] = self.secondary
        if self.re_read:
            said["re_read"] = list(self.re_read)
        if self.batch_hours:
            said["batch_size_hours"] = self.batch_hours
        usual = {"shape": "long", "format": "json"}
        if record := {name: getattr(self, name) for name in usual if getattr(self, name) != usual[name]}:
            said["record"] = record
        if self.edge != "held_back":
            said["edge"] = self.edge
        if self.revisions != "all":
            said["revisions"] = self.revisions
        return said


FUEL = Stream("fuel", "NEM", ("power",), "fuel", "network_region", "fueltech")
REGIONS = Stream("regions", "NEM", ("price", "demand"), "regions", "network_region")
WEM = Stream("wem", "WEM", ("power",), "wem")
USUAL = (FUEL, REGIONS, WEM)
