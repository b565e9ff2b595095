"""The labels of a member's months, as progress records, progress.json and exports tell them (src/model/label_text.hpp)."""

import calendar
import datetime
import json
import pathlib
import re

CELL = datetime.timedelta(minutes=5)
LETTERS = ".csABCDEFGHIJKLM"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
OFFSETS = {"NEM": 10, "AU": 10, "WEM": 8}


def cells(text: str) -> list:
    """A number a cell: 0 nothing is known, 1 covered, 2 silent, 3 + n a gap with mark n."""
    if text[:2] in ("2:", "4:"):
        width, bits, held, found = int(text[0]), 0, 0, []
        for char in text[2:]:
            held |= BASE64.index(char) << bits
            bits += 6
            while bits >= width:
                found.append(held & (1 << width) - 1)
                held >>= width
                bits -= width
        return found
    found = []
    for pair, times, letter, length in re.findall(r"\(([^)]*)\)(\d*)|([.a-zA-Z])(\d*)", text):
        found += cells(pair) * int(times or 1) if pair else [LETTERS.index(letter)] * int(length or 1)
    return found


def runs_of(months: dict, network: str):
    """(begin, end, what it is: "covered", "silent" or the gap's mark), ascending, joined over the months."""
    zone = datetime.timezone(datetime.timedelta(hours=OFFSETS[network]))
    last = None
    for name in sorted(months):
        begin = datetime.datetime(int(name[:4]), int(name[5:]), 1, tzinfo=zone)
        marks = months[name].get("marks", [])
        for place, cell in enumerate(cells(months[name]["labels"])):
            what = (None, "covered", "silent")[cell] if cell < 3 else marks[cell - 3]
            at = begin + place * CELL
            if last and last[1] == at and last[2] == what:
                last[1] = at + CELL
                continue
            if last and last[2]:
                yield tuple(last)
            last = [at, at + CELL, what]
    if last and last[2]:
        yield tuple(last)


def covered_of(months: dict, network: str) -> list:
    return [[begin.isoformat(), end.isoformat()] for begin, end, what in runs_of(months, network) if what == "covered"]


def gaps_of(months: dict, network: str) -> list:
    return [{"from": begin.isoformat(), "to": end.isoformat(), **what} for begin, end, what in runs_of(months, network)
            if isinstance(what, dict)]


def months_covering(pairs: list) -> dict:
    """The months of [begin, end) texts, for a hand edit."""
    at = {}
    for begin, end in pairs:
        now = datetime.datetime.fromisoformat(begin)
        while now < datetime.datetime.fromisoformat(end):
            first = now.replace(day=1, hour=0, minute=0)
            row = at.setdefault(f"{now:%Y-%m}", ["."] * (calendar.monthrange(now.year, now.month)[1] * 288))
            row[(now - first) // CELL] = "c"
            now += CELL
    return {name: {"labels": re.sub(r"(.)\1+", lambda run: run[1] + str(len(run[0])), "".join(row).rstrip("."))}
            for name, row in at.items()}


def read_progress(path: pathlib.Path) -> dict:
    """progress.json with its sealed months; each member also has `covered` and `gaps` as lists."""
    said = json.loads(path.read_text(encoding="utf-8"))
    for name, sha256 in said.get("sealed_months", {}).items():
        month = json.loads((path.parent / "progress.months" / f"{name}-{sha256[:16]}.json").read_text(encoding="utf-8"))
        for stream, metrics in month["streams"].items():
            for metric, labels in metrics.items():
                said["streams"][stream][metric]["months"][name] = labels
    for metrics in said["streams"].values():
        for member in metrics.values():
            member["covered"] = covered_of(member["months"], member["network"])
            member["gaps"] = gaps_of(member["months"], member["network"])
    return said
