"""Holds what the topics hold (read_committed) against what the simulator served: none missing, none twice, every digit.

A series that lands in an interval after the daemon has committed that interval is not published before the ledger exists
(revisions, a later release), even where a shared request happens to serve it. Such a point is counted as `late`, not as lost,
and only if the records prove it: it was served for the first time after the answer from which this (stream, metric) committed
that label or a later one had arrived (`fetched_at`).
"""

import bisect
import datetime
import itertools
import json
import urllib.parse
from collections import Counter, defaultdict


def _instant(label: str) -> int:
    return round(datetime.datetime.fromisoformat(label).timestamp())


def _labels(series: dict) -> list:
    if "labels" in series:
        return [_instant(label) for label in series["labels"]]
    first = _instant(series["first"])
    return [first + place * series["step"] for place in range(len(series["values"]))]


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _name(columns: dict) -> str:
    """Labels as in a record's key."""
    def escaped(value):
        return urllib.parse.quote(_text(value), safe=" !\"#$&'()*+-./:;<>?@[\\]^_`{}~")
    return ",".join(f"{name}={escaped(value)}" for name, value in sorted(columns.items()))


def served_points(log) -> dict:
    """(network, interval, metric, labels, instant) → (value text, simulated instant of serving), in that order; None is null."""
    found = defaultdict(list)
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                break
            answer = json.loads(line)
            if answer["status"] != 200 or answer.get("cut"):
                continue
            served_at = datetime.datetime.fromisoformat(answer["at"]).timestamp()
            for block in answer.get("blocks") or []:
                for series in block["series"]:
                    name = _name(series["columns"])
                    for at, value in zip(_labels(series), series["values"]):
                        point = (block["network_code"], block["interval"], block["metric"], name, at)
                        found[point].append((value, served_at))
    return found


def record_point(key: str) -> tuple:
    version, network, interval, metric, labels, label = key.split("|")
    assert version == "v1", key
    return network, interval, metric, labels, _instant(label)


def positions(progress: dict) -> dict:
    """(stream, metric) → (start, position) as instants, from progress.json."""
    return {(stream, metric): (_instant(member["start"]), _instant(member["position"]))
            for stream, metrics in progress["streams"].items() for metric, member in metrics.items()}


def check(records: list, served: dict, progress: dict) -> dict:
    """`records`: (topic, key, value) as committed. Figures with lists of what is wrong; all lists empty is what we promise."""
    reach = positions(progress)
    copies = Counter()
    versions = {}
    faults = {"lost": [], "repeated": [], "wrong": [], "unserved": [], "bad_version": []}
    groupings = defaultdict(set)
    committed = defaultdict(dict)  # (stream, metric) → label → when the first answer it was committed from arrived
    for _, key, text in records:
        value = json.loads(text, parse_float=str, parse_int=str)
        point = record_point(key)
        stream = value["stream"]
        groupings[(stream, value["metric"])].add((point[0], frozenset(part.split("=")[0] for part in point[3].split(",") if part)))
        copies[(stream, key, value["revision"])] += 1
        version = int(value["version"])
        if versions.get(version):
            faults["bad_version"].append((key, version))
        versions[version] = True
        arrived = datetime.datetime.fromisoformat(value["fetched_at"]).timestamp()
        first = committed[(stream, value["metric"])].get(point[4], arrived)
        committed[(stream, value["metric"])][point[4]] = min(first, arrived)
        texts = [text for text, _ in served.get(point, [])]
        if not texts:
            faults["unserved"].append(key)
        elif value["value"] not in texts or value[value["metric"]] != value["value"]:
            faults["wrong"].append((key, value["value"], texts[-3:]))
    faults["repeated"] = [key for key, count in copies.items() if count > 1]
    held = {(stream, record_point(key)) for stream, key, _ in copies}
    expected = 0
    late = 0
    for (stream, metric), shapes in groupings.items():
        start, position = reach[(stream, metric)]
        passed = _passed(committed[(stream, metric)])
        for point, answers in served.items():
            network, _, name, labels, at = point
            shape = (network, frozenset(part.split("=")[0] for part in labels.split(",") if part))
            first = next((served_at for text, served_at in answers if text is not None), None)
            if name != metric or shape not in shapes or not start <= at < position or first is None:
                continue
            expected += 1
            if (stream, point) in held:
                continue
            if first > passed(at):
                late += 1
            else:
                faults["lost"].append((stream, point, answers))
    return {"records": len(records), "expected": expected, "late": late, **faults}


def _passed(committed: dict):
    """label → when the first answer arrived from which this label or a later one was committed (infinity: none)."""
    labels = sorted(committed)
    earliest = list(itertools.accumulate((committed[label] for label in reversed(labels)), min))[::-1]

    def passed(label: int) -> float:
        place = bisect.bisect_left(labels, label)
        return earliest[place] if place < len(labels) else float("inf")

    return passed
