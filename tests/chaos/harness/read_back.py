"""Everything committed in some topics, as a read_committed reader sees it, with place and time of producing."""

import time
import uuid
from typing import NamedTuple

from confluent_kafka import Consumer, TopicPartition


class Record(NamedTuple):
    topic: str
    partition: int
    offset: int
    produced_ms: int
    key: str
    value: bytes


def _ends(consumer: Consumer, topics: list) -> dict:
    """(topic, partition) → where it ends now for a reader that ignores transactions."""
    known = consumer.list_topics(timeout=15).topics
    ends = {}
    for topic in topics:
        for number in known[topic].partitions if topic in known else []:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=15)
            if high > low:
                ends[(topic, number)] = high
    return ends


def read_committed(bootstrap: str, topics: list, seconds: float = 120) -> list:
    """In the order of each partition. Transactions must be settled, else TimeoutError."""
    common = {"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "enable.auto.commit": False,
              "auto.offset.reset": "earliest", "fetch.wait.max.ms": 50}
    asker = Consumer({**common, "isolation.level": "read_uncommitted"})
    try:
        ends = _ends(asker, topics)
    finally:
        asker.close()
    reader = Consumer({**common, "isolation.level": "read_committed"})
    found = []
    try:
        reader.assign([TopicPartition(topic, number, 0) for topic, number in ends])
        deadline = time.monotonic() + seconds
        while ends:
            if time.monotonic() > deadline:
                raise TimeoutError(f"not read to the end: {ends}")
            for message in reader.consume(20000, 0.3):
                if message.error() is None:
                    key = message.key()
                    found.append(Record(message.topic(), message.partition(), message.offset(), message.timestamp()[1],
                                        key.decode() if key else "", message.value()))
            # Markers take offsets too: the position tells the end, not the last message.
            for place in reader.position([TopicPartition(*pair) for pair in ends]):
                if place.offset >= ends[(place.topic, place.partition)]:
                    del ends[(place.topic, place.partition)]
        return found
    finally:
        reader.close()
