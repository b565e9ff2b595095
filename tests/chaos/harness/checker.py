"""Holds the committed records of one deployment against its progress and against what was served (../README.md). Pure."""

import bisect
from collections import defaultdict
from typing import NamedTuple

import orjson

from .history import Ranges, instant, transactions
from .served import number

# What is wrong, by rule. `lost` and `repeated` are the promise itself, the others how it is kept.
RULES = ("lost", "repeated", "value", "order", "version", "prefix", "progress", "ahead")


class Options(NamedTuple):
    ledger: bool = True            # revisions and late series are published
    look_back: int = 72 * 3600     # seconds before the newest covered label within which the last served value must stand
    grace_ms: int = 0              # a record may have been produced so long outside of its transaction's records


class Copy(NamedTuple):
    """One committed record."""
    stream: str
    metric: str
    labels: str
    at: int
    revision: int
    version: int
    value: object
    record: object


def copy_of(record) -> Copy:
    value = orjson.loads(record.value)
    _, _, _, metric, labels, label = record.key.split("|")
    return Copy(value["stream"], metric, labels, instant(label), value["revision"], value["version"],
                number(value["value"]), record)


def check(data: list, progress: list, served: dict, shapes: dict, samples: list, options: Options = Options()) -> dict:
    """`data`, `progress`: read_back.Record; `served`: served.fold; `samples`: (sequence, offset) of progress.json as it was
    found during the run. Figures, and for each rule a list of what breaks it."""
    faults = {rule: [] for rule in RULES}
    history, faults["progress"] = transactions(progress)
    chains = defaultdict(list)
    for record in data:
        copy = copy_of(record)
        chains[(copy.stream, record.key)].append(copy)
    _check_chains(chains, served, shapes, faults)
    _check_versions(chains, history, faults)
    places = _check_prefixes(chains, history, served, shapes, options, faults)
    expected, late = _check_complete(chains, history, served, shapes, places, options, faults)
    _check_samples(samples, history, faults)
    return {"records": len(data), "transactions": len(history), "expected": expected, "late": late, **faults}


def _served_point(served: dict, shapes: dict, copy: Copy):
    network, _ = shapes[(copy.stream, copy.metric)]
    return served.get((network, copy.metric, copy.labels), {}).get(copy.at)


def _check_chains(chains: dict, served: dict, shapes: dict, faults: dict):
    """Rules b and c, key by key."""
    for (_, key), copies in chains.items():
        revisions = [copy.revision for copy in copies]
        if len(set(revisions)) != len(revisions):
            faults["repeated"].append((key, revisions))
        elif revisions != list(range(len(revisions))):
            faults["order"].append((key, "revisions", revisions))
        values = [copy.value for copy in copies]
        if any(one == other for one, other in zip(values, values[1:])):
            faults["repeated"].append((key, "same value again", values))
        point = _served_point(served, shapes, copies[0])
        if point is None:
            faults["value"].append((key, "never served"))
        elif not _in_order(values, point.values):
            known = all(value in point.values for value in values)
            faults["order" if known else "value"].append((key, values, point.values[-5:]))


def _in_order(values: list, served: list) -> bool:
    rest = iter(served)
    return all(any(value == other for other in rest) for value in values)


def _check_versions(chains: dict, history: list, faults: dict):
    """Rule d."""
    seen = set()
    highest = max((now.last_version or 0 for now in history), default=0)
    for (_, key), copies in chains.items():
        versions = [copy.version for copy in copies]
        if any(one >= other for one, other in zip(versions, versions[1:])):
            faults["version"].append((key, "not rising", versions))
        if versions[-1] > highest:
            faults["version"].append((key, f"above the progress record's {highest}", versions))
        for version in versions:
            if version in seen:
                faults["version"].append((key, "twice", version))
            seen.add(version)


def _check_prefixes(chains: dict, history: list, served: dict, shapes: dict, options: Options, faults: dict) -> dict:
    """Rule e. A transaction's records lie, by their time of producing, between its begin record and its last progress
    record: one process makes them in this order, and the next transaction begins after this one's commit."""
    begins = [now.begin_ms for now in history]
    covered = []  # after each transaction: member → Ranges
    state = {}
    for now in history:
        state = {**state, **now.members}
        covered.append(state)
    first_place = {}
    for (stream, key), copies in chains.items():
        for copy in copies:
            ms = copy.record.produced_ms
            place = bisect.bisect_right(begins, ms + options.grace_ms) - 1
            if place < 0 or ms > history[place].end_ms + options.grace_ms:
                faults["prefix"].append((key, f"produced at {ms}, outside of every committed transaction"))
                continue
            ranges = covered[place].get((stream, copy.metric), Ranges())
            if not ranges.holds(copy.at):
                faults["prefix"].append((key, f"not covered by sequence {history[place].sequence}, which carries it"))
            first_place.setdefault((stream, copy.metric, copy.labels, copy.at), place)
    _check_covered_is_there(history, served, shapes, first_place, faults)
    return first_place


def _check_covered_is_there(history: list, served: dict, shapes: dict, first_place: dict, faults: dict):
    """What a transaction newly covers and was served before it is in the topic by then."""
    before = defaultdict(Ranges)
    for place, now in enumerate(history):
        for member, ranges in now.members.items():
            new = ranges.without(before[member])
            before[member] = ranges
            if not new or member not in shapes:
                continue
            for at, labels, point in _points_in(served, shapes[member], member[1], new):
                here = first_place.get((*member, labels, at))
                if here is not None and here > place and _was_served_whole(point, now.begin_ms):
                    faults["prefix"].append((member, labels, at, f"covered by sequence {now.sequence}, there only later"))


def _was_served_whole(point, begin_ms: int) -> bool:
    """Served with its value well before: what a previous instance fetched and this one did not is not its prefix."""
    first = point.first_number_us()
    return first is not None and len(point.values) == 1 and first < begin_ms * 1000 - 2_000_000


def _points_in(served: dict, shape: tuple, metric: str, ranges: list):
    network, names = shape
    for (net, name, labels), points in served.items():
        if net != network or name != metric or {part.split("=")[0] for part in labels.split(",") if part} != set(names):
            continue
        for begin, end in ranges:
            for at in range(begin + (-begin) % 300, end, 300):
                point = points.get(at)
                if point is not None:
                    yield at, labels, point


def _check_complete(chains: dict, history: list, served: dict, shapes: dict, first_place: dict, options: Options,
                    faults: dict) -> tuple:
    """Rule a."""
    held = {(copies[0].stream, copies[0].metric, copies[0].labels, copies[0].at): copies for copies in chains.values()}
    final, covered_in = {}, defaultdict(list)
    for now in history:
        for member, ranges in now.members.items():
            for pair in ranges.without(final.get(member, Ranges())):
                covered_in[member].append((*pair, now.begin_ms))
            final[member] = ranges
    expected = late = 0
    for member, shape in shapes.items():
        ranges = final.get(member, Ranges())
        newest = max((end for _, end in ranges.pairs), default=0)
        for at, labels, point in _points_in(served, shape, member[1], ranges.pairs):
            first = point.first_number_us()
            if first is None:
                continue
            expected += 1
            copies = held.get((*member, labels, at))
            if copies is None:
                if not options.ledger and first > _covered_at(covered_in[member], at) * 1000:
                    late += 1
                else:
                    faults["lost"].append((member, labels, at, point.values))
            elif options.ledger and at >= newest - options.look_back and copies[-1].value != point.values[-1]:
                faults["lost"].append((member, labels, at, "the last served value is not there", copies[-1].value,
                                       point.values[-3:]))
    return expected, late


def _covered_at(pieces: list, at: int) -> int:
    """When the transaction began (ms) that first covered this label."""
    return min((begin_ms for begin, end, begin_ms in pieces if begin <= at < end), default=0)


def _check_samples(samples: list, history: list, faults: dict):
    """Rule f: a progress.json that was ever there names a committed transaction and its last progress record."""
    ends = {now.sequence: now.last_offset for now in history}
    for sequence, offset in samples:
        if ends.get(sequence) != offset:
            faults["ahead"].append((sequence, offset, ends.get(sequence)))


def broken(report: dict) -> dict:
    return {rule: report[rule] for rule in RULES if report[rule]}


