"""A deployment whose streams are Avro, with a schema registry."""

import json
import subprocess

from avro_io import Decoder, as_json, framed
from kafka_io import ends_of, make_topic, pad, read_raw, send_transaction
from oracle_check import check, served_points
from parts import BINARIES
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

    def rewrite(self, stream: str, schema: dict, which):
        """As if an older release, whose schema this was, had written those records of a topic for whose key `which` says so."""
        topic = self.topic(stream)
        number = self.registry.register(topic + "-value", schema)
        decoder = Decoder(self.registry)
        records = [(key, framed(number, schema, decoder.record(value)) if which(key) else value) for _, key, value in self.raw(stream)]
        ended = ends_of(self.bootstrap, [topic])
        self.delete_topics(topic)
        make_topic(self.bootstrap, topic)
        send_transaction(self.bootstrap, topic, records, commit=True)
        # So many transactions had more markers than one: a topic that ends before it ended has lost records.
        pad(self.bootstrap, ended)

    def state(self, stream: str) -> dict:
        return next(one for one in self.status()["streams"] if one["stream"] == stream)

    def waits_for(self, text: str, seconds: float = 60):
        self.daemon.wait_until(lambda: text in self.log(), seconds)


def today_schema() -> dict:
    """Of points."""
    return json.loads(subprocess.run([BINARIES / "openelectricity-stream", "schema", "--format", "avro"], capture_output=True,
                                     text=True, check=True).stdout)


def older_schema() -> dict:
    """As an older release had it: two fields fewer."""
    schema = today_schema()
    return {**schema, "fields": [field for field in schema["fields"] if field["name"] not in ("flow_exports_energy", "provisional")]}


def all_served(bed, log):
    """What the topics hold against what the simulator says it served."""
    report = check([(r["topic"], r["key"], r["text"]) for r in bed.records()], as_doubles(served_points(log)), bed.progress())
    for fault in ("lost", "repeated", "wrong", "unserved", "bad_version"):
        assert not report[fault], (fault, report[fault][:5])
    assert report["expected"] > 50


def as_doubles(served: dict) -> dict:
    """The numbers as Avro keeps them: digits beyond a double are gone."""
    return {point: [(None if text is None else json.dumps(float(text)), at) for text, at in answers] for point, answers in served.items()}
