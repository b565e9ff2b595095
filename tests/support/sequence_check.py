"""Holds the sequence of values of each point in the topics against the sequence that the daemon could have seen.

For runs without kills and faults, where every answer that the simulator served was read to its end: of each point, what was
published must be what was served, change by change, none left out. Two kinds of answers may have been seen or not, so what
they changed may be there or not, in its order: those served when the point was about to leave the horizon, and those served
about when the daemon was stopped.
"""

import bisect
import datetime
import decimal
import functools
import json
import math
from collections import defaultdict
from typing import NamedTuple

from oracle_check import labels_name, record_point, series_labels


class Stream(NamedTuple):
    """How a stream's answers are known: its points share network and metrics with no other stream's."""
    name: str
    network: str
    metrics: tuple
    wide: bool = False
    provisional: bool = False


class Seen(NamedTuple):
    at: float  # simulated, when it was served
    value: object  # normal form of what the point was: see normal() and columns()


HORIZON = 72 * 3600
SLACK = 15 * 60


@functools.cache
def normal(text):
    """Equal for equal numbers; null is None."""
    return None if text is None else decimal.Decimal(text).normalize() + 0


def columns(texts: dict):
    """Of a wide record: the columns that have a number, or None where there is none."""
    return frozenset((name, normal(text)) for name, text in texts.items() if text is not None) or None


def _moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text).timestamp()


def _points_of(answer: dict, stream: Stream):
    """(labels, instant) → {metric: text} of one answer."""
    found = defaultdict(dict)
    for block in answer["blocks"]:
        for series in block["series"]:
            name = labels_name(series["columns"])
            for at, text in zip(series_labels(series), series["values"]):
                found[(name, at)][block["metric"]] = text
    return found


class Served:
    """What was served to one stream: of each point the values in their order, and the newest label of each answer."""

    def __init__(self, log, stream: Stream):
        self.points = defaultdict(list)  # (metric or *, labels, instant) → [Seen], an entry for each change
        self.answers = []  # (served at, newest label)
        with open(log, encoding="utf-8") as lines:
            for line in lines:
                answer = json.loads(line)
                blocks = answer.get("blocks") or []
                if answer["status"] != 200 or not blocks or blocks[0]["network_code"] != stream.network:
                    continue
                if {block["metric"] for block in blocks} == set(stream.metrics):
                    self._take(answer, stream)

    def _take(self, answer, stream):
        served_at = _moment(answer["at"])
        newest = 0
        for (labels, at), texts in _points_of(answer, stream).items():
            newest = max(newest, at)
            if stream.wide:
                self._note(("*", labels, at), served_at, columns(texts))
                continue
            for metric, text in texts.items():
                self._note((metric, labels, at), served_at, normal(text))
        self.answers.append((served_at, newest))

    def _note(self, point, served_at, value):
        seen = self.points[point]
        if seen and seen[-1].value == value or not seen and value is None:
            return
        seen.append(Seen(served_at, value))


def _records_of(records: list, stream: Stream) -> dict:
    """point → its records in the order of their revisions."""
    found = defaultdict(list)
    for _, key, text in records:
        value = json.loads(text, parse_float=str, parse_int=str)
        if value["stream"] == stream.name:
            _, _, metric, labels, at = record_point(key)
            found[(metric, labels, at)].append(value)
    for one in found.values():
        one.sort(key=lambda value: int(value["revision"]))
    return found


def _value_of(record: dict, stream: Stream):
    if stream.wide:
        return columns({metric: record.get(metric) for metric in stream.metrics})
    return normal(record["value"])


def check_sequences(records: list, log, stream: Stream, start: float, stopped: float) -> dict:
    """Counts and lists of what is wrong; `start`: the stream's first label, `stopped`: when the daemon was, simulated."""
    served = Served(log, stream)
    published = _records_of(records, stream)
    report = {"points": len(published), "changes": 0, "late": 0, "wrong": [], "invented": [], "provisional": []}
    for point in published.keys() - served.points.keys():
        report["invented"].append(point)
    for point, seen in served.points.items():
        if point[2] < start:
            continue
        have = published.get(point, [])
        sure = [one for one in seen if one.at < min(point[2] + HORIZON, stopped) - SLACK]
        values = [_value_of(record, stream) for record in have]
        rest = iter(one.value for one in seen[len(sure):])
        whole = values[:len(sure)] == [one.value for one in sure] and all(value in rest for value in values[len(sure):])
        if not whole or [int(record["revision"]) for record in have] != list(range(len(have))):
            report["wrong"].append((point, values[:6], seen[:6]))
        report["changes"] += max(0, len(have) - 1)
        report["late"] += bool(seen and seen[0].at > point[2] + 3600)
    if stream.provisional:
        _check_flags(published, served, report)
    return report


def _check_flags(published, served, report):
    """`provisional` is true just where the label was the newest of the answer that the record came from."""
    told = {True: 0, False: 0}
    for point, have in published.items():
        for record in have:
            fetched = _moment(record["fetched_at"])
            newest = served.answers[bisect.bisect(served.answers, (fetched, math.inf)) - 1][1]
            told[record["provisional"]] += 1
            if record["provisional"] != (point[2] == newest):
                report["provisional"].append((point, record["provisional"], record["fetched_at"], newest))
    report["flags"] = told
