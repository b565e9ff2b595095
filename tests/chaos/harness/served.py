"""What one simulator served, folded for the checker: each point's values in the order in which they were served."""

import bisect
import datetime
import urllib.parse
from typing import NamedTuple

import orjson

from .streams import INTERVALS


class Point:
    """Values as numbers (None: null), only where they changed; and when which was served (real time, µs). `doubted`: values
    that a lying API told and that nobody can know for a lie."""

    __slots__ = ("values", "times", "last_us", "doubted")

    def __init__(self):
        self.values = []
        self.times = []
        self.last_us = 0
        self.doubted = ()

    def add(self, value, real_us: int):
        if not self.values or self.values[-1] != value:
            self.values.append(value)
            self.times.append(real_us)
        self.last_us = real_us

    def last_ones(self, unfollowed) -> set:
        """The value last served, and the ones before it as far as nobody had to follow those after them: `unfollowed(µs)` of
        when they were first served."""
        found = set()
        for value, at in zip(reversed(self.values), reversed(self.times)):
            found.add(value)
            if not unfollowed(at):
                break
        return found

    def at(self, real_us: int):
        """The value last served at that moment; None also where it was not served yet."""
        place = bisect.bisect_right(self.times, real_us)
        return self.values[place - 1] if place else None

    def first_number_us(self):
        """When it was first served with a value."""
        return next((at for value, at in zip(self.values, self.times) if value is not None), None)


def instant(label: str) -> int:
    return round(datetime.datetime.fromisoformat(label).timestamp())


def labels_of(series: dict) -> list:
    if "labels" in series:
        return [instant(label) for label in series["labels"]]
    first = instant(series["first"])
    return [first + place * series["step"] for place in range(len(series["values"]))]


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def labels_text(columns: dict) -> str:
    """As in a record's key."""
    return ",".join(f"{name}={urllib.parse.quote(_text(value), safe=' !#$&()*+-./:;<>?@[]^_`{}~')}"
                    for name, value in sorted(columns.items()))


def number(text):
    return None if text is None else float(text) + 0.0  # -0.0 is 0.0


def fold(lines) -> dict:
    """(network, interval, metric, label text) → {instant: Point}, from the lines of a served log; a torn last line is left
    out. What an answer leaves out was not served; what it lies about is not in the log."""
    found = {}
    for line in lines:
        if not line.endswith(b"\n"):
            break
        answer = orjson.loads(line)
        if answer["status"] != 200 or answer.get("cut"):
            continue
        served_us = answer["real_us"]
        for points, at, value in _points(answer.get("blocks"), found):
            point = points.get(at)
            if point is None:
                point = points[at] = Point()
            point.add(number(value), served_us)
        for points, at, value in _points(answer.get("doubted"), found):
            point = points.setdefault(at, Point())
            point.doubted += (number(value),)
    return found


# Kinds of faults in whose answers something is not there that the API has.
LEAVING_OUT = {"no-series", "no-labels", "no-metric"}
NETWORK_HOURS = {"NEM": 10, "WEM": 8}


class LeftOut(NamedTuple):
    """An answer that left something out of what was asked."""
    at_us: int       # real time
    network: str
    interval: int    # seconds
    metrics: frozenset
    begin: int       # of the labels that were asked for
    end: int

    def is_about(self, shape, label: int) -> bool:
        return (self.network == shape.network and self.interval == shape.interval and self.begin <= label < self.end
                and not self.metrics.isdisjoint(shape.metrics))


def left_out(lines) -> tuple:
    """Answers that left something out, in their order."""
    faulty = (orjson.loads(line) for line in lines if b'"no-' in line and line.endswith(b"\n"))
    return tuple(_left_out(answer) for answer in faulty if answer["fault"] in LEAVING_OUT)


def _left_out(answer: dict) -> LeftOut:
    path, _, query = answer["request"].partition("?")
    asked = urllib.parse.parse_qs(query)
    network = path.rpartition("/")[2]
    hours = datetime.timezone(datetime.timedelta(hours=NETWORK_HOURS[network]))
    begin, end = (round(datetime.datetime.fromisoformat(asked.get(name, [otherwise])[0]).replace(tzinfo=hours).timestamp())
                  for name, otherwise in (("date_start", "1998-01-01"), ("date_end", "2100-01-01")))
    return LeftOut(answer["real_us"], network, INTERVALS[asked.get("interval", ["5m"])[0]], frozenset(asked.get("metrics", ())), begin, end)


def _points(blocks, found: dict):
    for block in blocks or []:
        for series in block["series"]:
            key = (block["network_code"], INTERVALS.get(block["interval"], 0), block["metric"], labels_text(series["columns"]))
            points = found.setdefault(key, {})
            for at, value in zip(labels_of(series), series["values"]):
                yield points, at, value
