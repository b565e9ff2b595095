"""A small clean history for tests of the checker."""

import json

from harness.checker import Options, broken, check
from harness.read_back import Record
from harness.served import fold
from harness.streams import Shape

SHAPES = {("prices", "price"): Shape("NEM", frozenset({"region"}), ("price",))}
MEMBER = ("prices", "price")


def label(step: int) -> str:
    return f"2026-03-10T22:{5 * step:02d}:00+10:00"


class World:
    """Four labels of one series in two transactions after the claim; a test changes what it needs, then asks."""

    def __init__(self):
        self.data = []
        self.progress = []
        self.served = []
        self.samples = []
        self.version = 0
        self.offset = 0
        self.clock = 1_000_000  # ms
        self.shapes = SHAPES
        self.serve([10, 20, 30, 40])
        self.transaction(1, claim=True)
        self.transaction(2, [(0, 0, 10), (1, 0, 20)], covered=2)
        self.transaction(3, [(2, 0, 30), (3, 0, 40)], covered=4)

    def tick(self) -> int:
        self.clock += 10
        return self.clock

    def serve(self, values: list, at_ms: int = 0):
        answer = {"n": 1, "real_us": (at_ms or self.clock - 60_000) * 1000, "status": 200,
                  "blocks": [{"network_code": "NEM", "metric": "price", "interval": "5m", "series": [
                      {"columns": {"region": "NSW1"}, "first": label(0), "step": 300,
                       "values": [None if value is None else str(value) for value in values]}]}]}
        self.served.append(json.dumps(answer).encode() + b"\n")

    def transaction(self, sequence: int, records: list = (), covered: int = 0, claim: bool = False, instance: str = "one"):
        self.put("begin", sequence, instance=instance)
        for step, revision, value in records:
            self.record(step, revision, value)
        if covered:
            self.put("progress|prices|price", sequence, last_version=self.version,
                     covered=[[label(0), label(covered)]])
        if claim:
            self.put("claim", sequence, last_version=self.version, generation=1, instance=instance)
        self.samples.append((sequence, self.offset - 1))
        self.offset += 1  # the marker's
        self.tick()

    def put(self, key: str, sequence: int, **fields):
        value = json.dumps({"v": 1, "sequence": sequence, **fields}).encode()
        self.progress.append(Record("progress", 0, self.offset, self.tick(), key, value))
        self.offset += 1

    def record(self, step: int, revision: int, value, version: int = 0):
        self.version = version or self.version + 1
        text = json.dumps({"stream": "prices", "metric": "price", "revision": revision, "version": self.version,
                           "value": value, "price": value}).encode()
        key = f"v1|NEM|5m|price|region=NSW1|{label(step)}"
        self.data.append(Record("prices", 0, len(self.data), self.tick(), key, text))

    def broken(self, **options) -> dict:
        report = check(self.data, self.progress, fold(self.served), self.shapes, self.samples, Options(**options))
        return broken(report)

    def change(self, place: int, **fields):
        record = self.data[place]
        self.data[place] = record._replace(value=json.dumps({**json.loads(record.value), **fields}).encode())
