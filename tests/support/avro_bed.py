"""A deployment whose streams are Avro, with a schema registry."""

import json

from avro_io import Decoder, as_json
from kafka_io import read_raw
from oracle_check import check, served_points
from progress_bed import Bed


class AvroBed(Bed):
    registry = None
    auto_register = True

    def sections(self) -> dict:
        sections = super().sections()
        sections["defaults"]["record"] = {"format": "avro"}
        registry = {"url": self.registry.url, "auto_register": self.auto_register, "timeout": "3s"}
        return sections | {"schema_registry": registry}

    def topic(self, stream: str) -> str:
        return f"{self.topics}.{stream}"

    def raw(self, *streams) -> list:
        return read_raw(self.bootstrap, [self.topic(stream) for stream in streams or self.streams])

    def records(self, *streams) -> list:
        decoder = Decoder(self.registry)
        found = []
        for topic, key, value in self.raw(*streams):
            text = as_json(decoder.record(value))
            found.append({"key": key.decode(), "text": text, "topic": topic, **json.loads(text)})
        return sorted(found, key=lambda record: record["version"])

    def state(self, stream: str) -> dict:
        return next(one for one in self.status()["streams"] if one["stream"] == stream)

    def waits_for(self, text: str, seconds: float = 60):
        self.daemon.wait_until(lambda: text in self.log(), seconds)


def all_served(bed, log):
    """What the topics hold against what the simulator says it served."""
    report = check([(r["topic"], r["key"], r["text"]) for r in bed.records()], as_doubles(served_points(log)), bed.progress())
    for fault in ("lost", "repeated", "wrong", "unserved", "bad_version"):
        assert not report[fault], (fault, report[fault][:5])
    assert report["expected"] > 50


def as_doubles(served: dict) -> dict:
    """The numbers as Avro keeps them: digits beyond a double are gone."""
    return {point: [(None if text is None else json.dumps(float(text)), at) for text, at in answers] for point, answers in served.items()}
