"""What is around the service: a Kafka, a simulated API, and what was published, seen from outside."""

import json
import pathlib
import urllib.error
import urllib.request

from confluent_kafka import Consumer, KafkaException, TopicPartition
from kafka_io import read_all
from oracle_check import check, served_points
from parts import BINARIES, Clock, start_simulator

KEY = "system-test-key-0123456789"


class World:
    """Simulated time goes 60 times as fast, so that something new is there every few seconds."""

    def __init__(self, bootstrap: str, folder: pathlib.Path):
        self.bootstrap = bootstrap
        self.folder = folder
        self.clock = Clock("2026-03-10T02:00:00Z", 60)

    def __enter__(self) -> "World":
        self.served = self.folder / "served.ndjson"
        self.simulator, self.api = start_simulator(BINARIES, self.folder, self.clock, KEY, "--served-log", str(self.served))
        return self

    def __exit__(self, *_):
        self.simulator.stop()

    def config(self, name: str, port: int, more: str = "", start: str = "-2h") -> str:
        """Of a daemon whose deployment and topics carry this name. The key is in the folder of secrets."""
        return f"""\
deployment: {name}
api:
  base_url: {self.api}
  api_key_file: /etc/openelectricity-stream/secrets/api_key
budget:
  plan: ENTERPRISE
  requests_per_second: 1000
kafka:
  bootstrap_servers: {self.bootstrap}
  create_topics: all
  session_timeout: 2s
http:
  listen: 127.0.0.1:{port}
defaults:
  start: {start}
streams:
  - name: nem
    metrics: [power]
    primary_grouping: network_region
    topic: {name}.data
{more}{self.clock.yaml()}"""

    def count(self, name: str) -> int:
        return offsets(self.bootstrap, f"{name}.data")

    def records(self, name: str) -> list:
        return [json.loads(value) for _, _, value in read_all(self.bootstrap, [f"{name}.data"])]

    def faults(self, name: str, progress: dict) -> dict:
        """What is lost, repeated or wrong of what was served, by a deployment that has stopped with this progress."""
        found = check(read_all(self.bootstrap, [f"{name}.data"]), served_points(self.served), progress)
        assert found["expected"] > 0, found
        return {kind: found[kind] for kind in ("lost", "repeated", "wrong", "unserved", "bad_version") if found[kind]}


def offsets(bootstrap: str, topic: str) -> int:
    """Offsets used in a topic so far; markers of transactions count too. 0 while it is being made."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "count"})
    try:
        found = consumer.list_topics(topic, timeout=30).topics[topic]
        return sum(consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)[1] for number in found.partitions)
    except KafkaException:
        return 0
    finally:
        consumer.close()


def answer(port: int, path: str):
    """(code, text) of the daemon's HTTP endpoint; None while nothing listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return None
