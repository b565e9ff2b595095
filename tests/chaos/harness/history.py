"""The committed progress topic, transaction by transaction."""

import datetime
import urllib.parse

import orjson


def instant(label: str) -> int:
    return round(datetime.datetime.fromisoformat(label).timestamp())


class Ranges:
    """Disjoint [begin, end) in seconds."""

    def __init__(self, pairs=()):
        self.pairs = sorted((instant(begin), instant(end)) for begin, end in pairs)

    def holds(self, at: int) -> bool:
        return any(begin <= at < end for begin, end in self.pairs)

    def without(self, other: "Ranges") -> list:
        """What is here and not there."""
        left = list(self.pairs)
        for begin, end in other.pairs:
            cut = []
            for low, high in left:
                if end <= low or high <= begin:
                    cut.append((low, high))
                    continue
                if low < begin:
                    cut.append((low, begin))
                if end < high:
                    cut.append((end, high))
            left = cut
        return left


class Transaction:
    def __init__(self, sequence: int, begin):
        self.sequence = sequence
        self.begin_offset = begin.offset
        self.begin_ms = begin.produced_ms
        self.end_ms = begin.produced_ms
        self.last_offset = begin.offset
        self.instance = None
        self.begins = 0
        self.claim = None
        self.last_version = None
        self.members = {}  # (stream, metric) → covered Ranges after it
        self.progress_last = False


def transactions(records: list) -> tuple:
    """(transactions in order, what is wrong with their shape). `records`: of the progress topic, by offset."""
    found = []
    faults = []
    for record in records:
        parts = [urllib.parse.unquote(part) for part in record.key.split("|")]
        kind = parts[0]
        value = orjson.loads(record.value) if record.value and record.value[:1] == b"{" else None
        known = kind in ("begin", "claim", "progress") and value is not None
        sequence = value.get("sequence") if isinstance(value, dict) else None
        if sequence is not None and (not found or found[-1].sequence != sequence or kind == "begin"):
            found.append(Transaction(sequence, record))
            if kind != "begin":
                faults.append(f"sequence {sequence} has no begin record in front (offset {record.offset})")
        if not found:
            faults.append(f"offset {record.offset}: {kind} before any begin record")
            continue
        now = found[-1]
        now.end_ms = max(now.end_ms, record.produced_ms)
        now.last_offset = record.offset
        if known:
            now.progress_last = kind != "begin"
        if kind == "begin" and value:
            now.instance = value["instance"]
        elif kind == "claim" and value:
            now.claim = (value["generation"], value["instance"])
            now.last_version = value["last_version"]
        elif kind == "progress" and value:
            now.members[(parts[1], parts[2])] = Ranges(value["covered"])
            now.last_version = value["last_version"]
    return found, faults + shape_faults(found)


def shape_faults(found: list) -> list:
    faults = []
    owner, generation, version = None, 0, 0
    for place, now in enumerate(found):
        if now.sequence != place + 1:
            faults.append(f"sequence {now.sequence} where {place + 1} is due")
        if not now.progress_last:
            faults.append(f"sequence {now.sequence} does not end with progress")
        if now.claim:
            if now.claim[0] != generation + 1:
                faults.append(f"claim of generation {now.claim[0]} after {generation}")
            generation, owner = now.claim
        if now.instance is not None and now.instance != owner:
            faults.append(f"sequence {now.sequence} is by {now.instance}, but {owner} holds the claim")
        if now.last_version is not None:
            if now.last_version < version:
                faults.append(f"last_version falls at sequence {now.sequence}")
            version = now.last_version
        if place and now.begin_ms < found[place - 1].end_ms:
            faults.append(f"sequence {now.sequence} begins before {found[place - 1].sequence} ends")
    return faults
