"""What the records of the progress topic say of a member: the one place of the harness that knows their form."""

import re

from .ranges import Ranges, instant

CELL = 300  # seconds
LETTERS = ".csABCDEFGHIJKLM"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# Covered, or known to be silent as regularly as not.
THERE = (1, 2)
_TOKEN = re.compile(r"\(([^()]*)\)(\d*)|([.csA-M])(\d*)")


def read_cells(text: str) -> list:
    """The values of a month's cells from `labels` (src/model/label_text.hpp); zeros at the end are left out."""
    if text[:2] in ("2:", "4:"):
        return _bits(text[2:], int(text[0]))
    cells = []
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if not token:
            raise ValueError(f"no row of labels: {text[place:place + 20]}")
        place = token.end()
        if token[1]:
            cells += read_cells(token[1]) * int(token[2] or 1)
        else:
            cells += [LETTERS.index(token[3])] * int(token[4] or 1)
    return cells


def _bits(text: str, width: int) -> list:
    cells, held, count = [], 0, 0
    for digit in text:
        held |= BASE64.index(digit) << count
        count += 6
        while count >= width:
            cells.append(held & ((1 << width) - 1))
            held >>= width
            count -= width
    return cells


def _runs(cells: list, begin: int) -> list:
    pairs = []
    for place, value in enumerate(cells):
        if value not in THERE:
            continue
        at = begin + place * CELL
        if pairs and pairs[-1][1] == at:
            pairs[-1] = (pairs[-1][0], at + CELL)
        else:
            pairs.append((at, at + CELL))
    return pairs


class Members:
    """What is covered of each (stream, metric), from record to record. Two forms are read: one record a member with its
    ranges, and one a member with one a month of its labels."""

    def __init__(self):
        self._offsets = {}  # member → its network's offset
        self._months = {}   # member → month → pairs

    def apply(self, parts: list, value):
        """(member, Ranges) where the record tells what is covered; None: another kind."""
        kind = parts[0]
        if kind not in ("progress", "member", "month"):
            return None
        member = (parts[1], parts[2])
        if kind == "progress":
            return (member, Ranges(value["covered"])) if value else None
        if kind == "member" and value is None:
            self._months.pop(member, None)
        elif kind == "member":
            self._offsets[member] = value["start"][19:]
        elif value is None:
            self._months.get(member, {}).pop(parts[3], None)
        else:
            # A member's months come before the member itself: its first ones have no offset yet.
            self._months.setdefault(member, {})[parts[3]] = read_cells(value["labels"])
        return (member, self._covered(member)) if member in self._offsets else None

    def _covered(self, member: tuple) -> Ranges:
        pairs = []
        for month, cells in sorted(self._months.get(member, {}).items()):
            begin = instant(f"{month}-01T00:00:00{self._offsets[member]}")
            pairs += _runs(cells, begin)
        return Ranges.of(pairs)


def is_last(kind: str) -> bool:
    """A transaction of the daemon ends with a record of this kind."""
    return kind in ("progress", "claim", "head")
