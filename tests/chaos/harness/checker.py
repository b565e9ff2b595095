"""Holds the committed records of one deployment against its progress and against what was served (../README.md). Pure."""

import bisect
from collections import defaultdict
from typing import NamedTuple

import orjson

from .history import Ranges, instant, order_faults, transactions
from .served import number

# Answers in a row that leave out what was published before: then the API is taken to have it no more (guarantee.md §5).
PATIENCE_WITH_ANSWERS = 3

# What is wrong, by rule. `lost` and `repeated` are the promise itself, the others how it is kept.
RULES = ("lost", "repeated", "value", "order", "version", "prefix", "progress", "ahead", "crawl")


class Options(NamedTuple):
    """What the checker is told of a run besides its records."""

    ledger: bool = True            # revisions and late series are published
    look_back: int = None          # seconds before the newest covered label within which the last served value must stand; None: at every label
    grace_ms: int = 0              # a record may have been produced so long outside of its transaction's records
    history_whole: bool = True     # the progress topic keeps every transaction; else what only it could tell is not asked
    complete: bool = True          # else an operator trusted a file, and what the topic knew besides is not followed
    clocks_right: bool = True      # else the times of producing tell nothing
    left_out: tuple = ()           # served.LeftOut: answers that left something out
    exempt: tuple = ()             # spans (µs) in which a daemon that leads no more may have asked too


class Copy(NamedTuple):
    """One committed record."""
    stream: str
    metric: str
    labels: str
    at: int
    revision: int
    version: int
    values: tuple              # one, or in shape wide the columns
    record: object


def copy_of(record, shapes: dict) -> Copy:
    value = orjson.loads(record.value)
    _, _, _, metric, labels, label = record.key.split("|")
    wide = metric == "*"
    columns = [value.get(name) for name in shapes[(value["stream"], metric)].metrics] if wide else [value["value"]]
    return Copy(value["stream"], metric, labels, instant(label), value["revision"], value["version"],
                tuple(map(number, columns)), record)


class Member:
    """The served points of one (stream, metric): by labels, a dictionary for each of its columns."""

    def __init__(self, served: dict, shape):
        self.shape = shape
        self.series = defaultdict(lambda: [{} for _ in shape.metrics])
        for (network, interval, metric, labels), points in served.items():
            names = {part.split("=")[0] for part in labels.split(",") if part}
            if network == shape.network and interval == shape.interval and metric in shape.metrics and names == shape.names:
                self.series[labels][shape.metrics.index(metric)] = points

    def columns(self, labels: str, at: int) -> list:
        """A Point for each column, or None."""
        return [points.get(at) for points in self.series[labels]] if labels in self.series else [None]

    def within(self, ranges: list):
        """(instant, labels, columns) of everything served in these ranges."""
        step = self.shape.interval
        for labels, columns in self.series.items():
            for begin, end in ranges:
                for at in range(begin + (-begin) % step, end, step):
                    points = [one.get(at) for one in columns]
                    if any(points):
                        yield at, labels, points


def first_number_us(points: list):
    """When one of them was first served with a value."""
    return min((at for point in points if point and (at := point.first_number_us()) is not None), default=None)


def check(data: list, progress: list, served: dict, shapes: dict, samples: list, options: Options = Options()) -> dict:
    """`data`, `progress`: read_back.Record; `served`: served.fold; `shapes`: (stream, metric) → streams.Shape; `samples`:
    (sequence, offset) of progress.json as it was found during the run. Figures, and for each rule a list of what breaks it."""
    faults = {rule: [] for rule in RULES}
    history, faults["progress"] = transactions(progress)
    members = {member: Member(served, shape) for member, shape in shapes.items()}
    chains = defaultdict(list)
    for record in data:
        copy = copy_of(record, shapes)
        chains[(copy.stream, record.key)].append(copy)
    for copies in chains.values():
        if len({copy.record.partition for copy in copies}) > 1:  # the topic has got more of them on the way
            copies.sort(key=lambda copy: copy.version)
    _check_chains(chains, members, options, faults)
    _check_versions(chains, history, faults)
    if options.history_whole:
        if options.clocks_right:
            faults["progress"] += order_faults(history)
            _check_prefixes(chains, history, members, options, faults)
        _check_samples(samples, history, faults)
    else:
        faults["progress"] = []
    expected, late = _check_complete(chains, history, members, options, faults)
    if not options.complete:
        faults["lost"] = []
    return {"records": len(data), "transactions": len(history), "expected": expected, "late": late, **faults}


def _check_chains(chains: dict, members: dict, options: Options, faults: dict):
    """Rules b and c, key by key."""
    for (_, key), copies in chains.items():
        revisions = [copy.revision for copy in copies]
        if len(set(revisions)) != len(revisions):
            faults["repeated"].append((key, revisions))
        elif revisions != list(range(len(revisions))):
            faults["order"].append((key, "revisions", revisions))
        values = [copy.values for copy in copies]
        if any(one == other for one, other in zip(values, values[1:])):
            faults["repeated"].append((key, "same value again", values))
        first = copies[0]
        for place, point in enumerate(members[(first.stream, first.metric)].columns(first.labels, first.at)):
            values = [copy.values[place] for copy in copies]
            _check_column(key, values, point, len(first.values) > 1, faults)


def _check_column(key: str, values: list, point, wide: bool, faults: dict):
    values = [value for place, value in enumerate(values) if not place or value != values[place - 1]]
    if wide and values[0] is None:
        values = values[1:]  # the others were there first
    if not values or point and all(value in point.doubted for value in values):
        return
    if point is None or not point.values:
        faults["value"].append((key, "never served", values))
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


def _check_prefixes(chains: dict, history: list, members: dict, options: Options, faults: dict):
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
            # The newest label of a provisional edge is published while it fills, and covered later.
            if not ranges.holds(copy.at) and members[(stream, copy.metric)].shape.edge != "provisional":
                faults["prefix"].append((key, f"not covered by sequence {history[place].sequence}, which carries it"))
            first_place.setdefault((stream, copy.metric, copy.labels, copy.at), place)
    _check_covered_is_there(history, members, first_place, options.left_out, faults)


def _check_covered_is_there(history: list, members: dict, first_place: dict, left_out: tuple, faults: dict):
    """What a transaction newly covers and was served before it is in the topic by then."""
    before = defaultdict(Ranges)
    for place, now in enumerate(history):
        for member, ranges in now.members.items():
            new = ranges.without(before[member])
            before[member] = ranges
            if not new or member not in members:
                continue
            for at, labels, points in members[member].within(new):
                here = first_place.get((*member, labels, at))
                about = [one for one in left_out if one.is_about(members[member].shape, at)]
                if here is not None and here > place and _was_served_whole(points, now.begin_ms, about):
                    faults["prefix"].append((member, labels, at, f"covered by sequence {now.sequence}, there only later"))


def _was_served_whole(points: list, begin_ms: int, left_out: list) -> bool:
    """Served with its value well before: what a previous instance fetched and this one did not is not its prefix. Nor is what
    may have been left out since then, of the answer that this transaction is made of."""
    first = first_number_us(points)
    if first is None or first >= begin_ms * 1000 - 2_000_000 or not all(point and len(point.values) == 1 for point in points):
        return False
    return not any(first < one.at_us <= begin_ms * 1000 for one in left_out)


def _check_complete(chains: dict, history: list, members: dict, options: Options, faults: dict) -> tuple:
    """Rule a."""
    held = {(copies[0].stream, copies[0].metric, copies[0].labels, copies[0].at): copies for copies in chains.values()}
    final, covered_in = {}, defaultdict(list)
    for now in history:
        for member, ranges in now.members.items():
            for pair in ranges.without(final.get(member, Ranges())):
                covered_in[member].append((*pair, now.begin_ms))
            final[member] = ranges
    expected = late = 0
    edges = _edges(held)
    answered = _first_published(held)
    for member, points_of in members.items():
        ranges = final.get(member, Ranges())
        newest = max((end for _, end in ranges.pairs), default=0)
        since = 0 if options.look_back is None else newest - options.look_back
        every_value = options.ledger and points_of.shape.revisions == "all"
        for at, labels, points in points_of.within(ranges.pairs):
            first = first_number_us(points)
            if first is None:
                continue
            expected += 1
            copies = held.get((*member, labels, at))
            unfollowed = _unfollowed(at, points_of.shape, edges[member], options.exempt)
            if copies is None:
                was_no_gap = min(answered.get((*member, at), first), *(point.times[0] for point in points if point)) < first
                if was_no_gap and _never_followed(points, unfollowed) or _left_out_since(points, at, points_of.shape, options):
                    expected -= 1
                elif not options.ledger and first > _covered_at(covered_in[member], at) * 1000:
                    late += 1
                else:
                    faults["lost"].append((member, labels, at, [point.values if point else None for point in points]))
            elif every_value and at >= since:
                given_up = _left_out_since(points, at, points_of.shape, options) >= PATIENCE_WITH_ANSWERS
                for value, point in zip(copies[-1].values, points):
                    if point and point.values and value not in (point.values if given_up else point.last_ones(unfollowed)):
                        faults["lost"].append((member, labels, at, "the last served value is not there", value,
                                               point.values[-3:]))
    return expected, late


def _first_published(held: dict) -> dict:
    """(stream, metric, label) → when (µs) something of that label was first published: it is no gap from then on."""
    found = {}
    for (stream, metric, _, at), copies in held.items():
        place = (stream, metric, at)
        found[place] = min(found.get(place, copies[0].record.produced_ms * 1000), copies[0].record.produced_ms * 1000)
    return found


def _left_out_since(points: list, label: int, shape, options: Options) -> int:
    """How many answers about this label left something out since this point was last served. Who was told it then may have been
    killed, and its successors were not told."""
    last = max(point.last_us for point in points if point)
    return sum(one.at_us > last and one.is_about(shape, label) for one in options.left_out)


def _edges(held: dict) -> dict:
    """member → when (µs) its newest label rose to what, ascending."""
    edges = defaultdict(list)
    for produced_ms, at, member in sorted((copies[0].record.produced_ms, at, (stream, metric))
                                          for (stream, metric, _, at), copies in held.items()):
        if not edges[member] or at > edges[member][-1][1]:
            edges[member].append((produced_ms * 1000, at))
    return edges


def _unfollowed(label: int, shape, edges: list, exempt: tuple):
    """Whether what was served at a time (µs) did not have to be followed: only a daemon that leads no more was told, or the label
    was behind the look-back then (a request for gaps also tells of the labels between them)."""
    def judge(at_us: int) -> bool:
        place = bisect.bisect_left(edges, (at_us, 0)) - 1
        behind = place >= 0 and label <= edges[place][1] + shape.interval - shape.look_back
        return behind or any(begin <= at_us <= end for begin, end in exempt)
    return judge


def _never_followed(points: list, unfollowed) -> bool:
    """Whether no number of them was told when it had to be followed."""
    told = [at for point in points if point for value, at in zip(point.values, point.times) if value is not None]
    return all(unfollowed(at) for at in (*told, *(point.last_us for point in points if point)))


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
    return {rule: report[rule] for rule in RULES if report.get(rule)}


