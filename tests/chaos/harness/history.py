"""The committed progress topic, transaction by transaction."""

import urllib.parse

import orjson

from .progress_records import Members, is_last
from .ranges import Ranges, instant  # noqa: F401  (names of this module, too)


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
        self.reason = False  # an operator's change


def transactions(records: list) -> tuple:
    """(transactions in order, what is wrong with their shape). `records`: of the progress topic, by offset."""
    found = []
    faults = []
    members = Members()
    for record in records:
        parts = [urllib.parse.unquote(part) for part in record.key.split("|")]
        kind = parts[0]
        value = orjson.loads(record.value) if record.value and record.value[:1] == b"{" else None
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
        if kind == "begin" or is_last(kind) and value is not None:
            now.progress_last = kind != "begin"
        if kind == "begin" and value:
            now.instance = value["instance"]
        elif kind == "claim" and value:
            now.claim = (value["generation"], value["instance"])
            now.last_version = value.get("last_version", now.last_version)
        elif kind == "reason":
            now.reason = True
        told = members.apply(parts, value)
        if told:
            now.members[told[0]] = told[1]
        if kind != "claim" and value and "last_version" in value:
            now.last_version = value["last_version"]
    return found, faults + shape_faults(found)


def order_faults(found: list) -> list:
    """One process writes at a time, by the time of producing."""
    return [f"sequence {now.sequence} begins before {before.sequence} ends" for before, now in zip(found, found[1:])
            if now.begin_ms < before.end_ms]


def shape_faults(found: list) -> list:
    faults = []
    owner, generation, version = None, 0, 0
    for place, now in enumerate(found):
        due = found[place - 1].sequence + 1 if place else 1
        # An operator who trusts the file goes on with its sequence, whatever the topic has lost.
        if now.sequence != due and not (now.reason and now.sequence > due):
            faults.append(f"sequence {now.sequence} where {due} is due")
        if not now.progress_last:
            faults.append(f"sequence {now.sequence} does not end with progress")
        if now.claim:
            if now.claim[0] != generation + 1 and not (now.reason and now.claim[0] > generation):
                faults.append(f"claim of generation {now.claim[0]} after {generation}")
            generation, owner = now.claim
        if now.instance is not None and now.instance != owner:
            faults.append(f"sequence {now.sequence} is by {now.instance}, but {owner} holds the claim")
        if now.last_version is not None:
            if now.last_version < version:
                faults.append(f"last_version falls at sequence {now.sequence}")
            version = now.last_version
    return faults
