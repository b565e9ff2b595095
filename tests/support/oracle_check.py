"""Holds what the topics hold (read_committed) against what the simulator served: none missing, none twice, every digit, every
change in its order.

Of a point the daemon may see less than was served: an answer that it fetched and lost in a kill was served and not seen. So
the published numbers must be, in the order of their revisions, among the served ones in theirs; and the last one published
must be the last one served before the stream's newest record was fetched, which is why a run ends with a whole re-read.
"""

import datetime
import decimal
import json
import urllib.parse
from collections import Counter, defaultdict


def _instant(label: str) -> int:
    return round(datetime.datetime.fromisoformat(label).timestamp())


def series_labels(series: dict) -> list:
    """Instants of a served series."""
    if "labels" in series:
        return [_instant(label) for label in series["labels"]]
    first = _instant(series["first"])
    return [first + place * series["step"] for place in range(len(series["values"]))]


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def labels_name(columns: dict) -> str:
    """Labels as in a record's key."""
    def escaped(value):
        return urllib.parse.quote(_text(value), safe=" !\"#$&'()*+-./:;<>?@[\\]^_`{}~")
    return ",".join(f"{name}={escaped(value)}" for name, value in sorted(columns.items()))


def served_points(log) -> dict:
    """(network, interval, metric, labels, instant) → (number text, simulated instant of its first serving) in that order, one
    entry each time it changes; None is null."""
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
                    name = labels_name(series["columns"])
                    for at, value in zip(series_labels(series), series["values"]):
                        point = (block["network_code"], block["interval"], block["metric"], name, at)
                        answers = found[point]
                        if not answers or not same_number(answers[-1][0], value):
                            answers.append((value, served_at))
    return found


def same_number(one, other) -> bool:
    return one == other or (one is not None and other is not None and decimal.Decimal(one) == decimal.Decimal(other))


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
    versions = set()
    faults = {"lost": [], "repeated": [], "wrong": [], "unserved": [], "bad_version": [], "stale": []}
    groupings = defaultdict(set)
    published = defaultdict(dict)  # (stream, point) → revision → (version, number text)
    newest = defaultdict(float)  # (stream, metric) → when its newest record was fetched
    for _, key, text in records:
        value = json.loads(text, parse_float=str, parse_int=str)
        point = record_point(key)
        stream = value["stream"]
        groupings[(stream, value["metric"])].add((point[0], _names(point[3])))
        copies[(stream, key, value["revision"])] += 1
        version = int(value["version"])
        if version in versions:
            faults["bad_version"].append((key, version))
        versions.add(version)
        published[(stream, point)][int(value["revision"])] = (version, value["value"])
        if value["value"] is not None and value[value["metric"]] != value["value"]:
            faults["wrong"].append((key, value["value"], value[value["metric"]]))
        arrived = datetime.datetime.fromisoformat(value["fetched_at"]).timestamp()
        newest[(stream, value["metric"])] = max(newest[(stream, value["metric"])], arrived)
    faults["repeated"] = [key for key, count in copies.items() if count > 1]
    revised = 0
    for (stream, point), revisions in published.items():
        numbers = [revisions[number] for number in sorted(revisions)]
        revised += len(numbers) - 1
        _judge(point, sorted(revisions), numbers, served.get(point, []), newest[(stream, point[2])], faults)
    expected = 0
    for (stream, metric), shapes in groupings.items():
        start, position = reach[(stream, metric)]
        for point, answers in served.items():
            network, _, name, labels, at = point
            first = next((served_at for text, served_at in answers if text is not None), None)
            if name != metric or (network, _names(labels)) not in shapes or not start <= at < position or first is None:
                continue
            expected += 1
            if (stream, point) not in published and first <= newest[(stream, metric)]:
                faults["lost"].append((stream, point, answers))
    return {"records": len(records), "expected": expected, "revised": revised, **faults}


def _names(labels: str) -> frozenset:
    return frozenset(part.split("=")[0] for part in labels.split(",") if part)


def _judge(point, revisions, numbers, answers, until, faults):
    """One point: its records by rising revision against what was served of it."""
    key = "|".join(map(str, point))
    if revisions != list(range(len(revisions))):
        faults["lost"].append((key, "revisions", revisions))
    if any(later[0] <= earlier[0] for earlier, later in zip(numbers, numbers[1:])):
        faults["bad_version"].append((key, [version for version, _ in numbers]))
    if any(same_number(earlier[1], later[1]) for earlier, later in zip(numbers, numbers[1:])):
        faults["repeated"].append((key, [text for _, text in numbers]))
    if not answers:
        faults["unserved"].append(key)
        return
    place = 0
    for _, text in numbers:
        while place < len(answers) and answers[place][0] != text:
            place += 1
        if place == len(answers):
            faults["wrong"].append((key, [text for _, text in numbers], answers[-5:]))
            return
        place += 1
    last = [text for text, served_at in answers if served_at <= until][-1:]
    if last and not same_number(last[0], numbers[-1][1]):
        faults["stale"].append((key, numbers[-1][1], answers[-3:]))
