"""Holds what the topics hold (read_committed) against what the simulator served: none missing, none twice, every digit."""

import datetime
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
    """(endpoint, network, interval, metric, labels, instant) → value texts in the order in which they were served; None is null."""
    found = defaultdict(list)
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                break
            answer = json.loads(line)
            if answer["status"] != 200 or answer.get("cut"):
                continue
            for block in answer.get("blocks") or []:
                for series in block["series"]:
                    name = _name(series["columns"])
                    for at, value in zip(_labels(series), series["values"]):
                        found[(block["network_code"], block["interval"], block["metric"], name, at)].append(value)
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
        texts = served.get(point)
        if texts is None:
            faults["unserved"].append(key)
        elif value["value"] not in texts or value[value["metric"]] != value["value"]:
            faults["wrong"].append((key, value["value"], texts[-3:]))
    faults["repeated"] = [key for key, count in copies.items() if count > 1]
    held = {(stream, record_point(key)) for stream, key, _ in copies}
    expected = 0
    for (stream, metric), shapes in groupings.items():
        start, position = reach[(stream, metric)]
        for point, texts in served.items():
            network, _, name, labels, at = point
            shape = (network, frozenset(part.split("=")[0] for part in labels.split(",") if part))
            if name != metric or shape not in shapes or not start <= at < position or all(text is None for text in texts):
                continue
            expected += 1
            if (stream, point) not in held:
                faults["lost"].append((stream, point, texts))
    return {"records": len(records), "expected": expected, **faults}
