"""What one simulator served, folded for the checker: each point's values in the order in which they were served."""

import bisect
import datetime
import urllib.parse

import orjson


class Point:
    """Values as numbers (None: null), only where they changed; and when which was served (real time, µs)."""

    __slots__ = ("values", "times", "last_us")

    def __init__(self):
        self.values = []
        self.times = []
        self.last_us = 0

    def add(self, value, real_us: int):
        if not self.values or self.values[-1] != value:
            self.values.append(value)
            self.times.append(real_us)
        self.last_us = real_us

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
    """(network, metric, label text) → {instant: Point}, from the lines of a served log; a torn last line is left out."""
    found = {}
    for line in lines:
        if not line.endswith(b"\n"):
            break
        answer = orjson.loads(line)
        if answer["status"] != 200 or answer.get("cut"):
            continue
        served_us = answer["real_us"]
        for block in answer.get("blocks") or []:
            for series in block["series"]:
                points = found.setdefault((block["network_code"], block["metric"], labels_text(series["columns"])), {})
                for at, value in zip(labels_of(series), series["values"]):
                    point = points.get(at)
                    if point is None:
                        point = points[at] = Point()
                    point.add(number(value), served_us)
    return found
