"""Topics made, filled and read by the tests themselves, apart from the code under test."""

import time
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

MARKER_SECONDS = 10


def make_topic(bootstrap: str, name: str, partitions: int = 3) -> str:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, partitions, 1)])[name].result(30)
    return name


def new_topic(bootstrap: str, stem: str, partitions: int = 3) -> str:
    return make_topic(bootstrap, f"{stem}.{uuid.uuid4().hex[:8]}", partitions)


def send_transaction(bootstrap: str, topic: str, records: list, commit: bool, produced: int = 0):
    """`records`: (key, value) pairs, in one transaction that is committed or aborted; returns once no reader is held up by it.
    `produced`: all of them in this millisecond, else now."""
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": uuid.uuid4().hex,
                         "partitioner": "murmur2_random"})
    producer.init_transactions(30)
    producer.begin_transaction()
    for key, value in records:
        producer.produce(topic, key=key, value=value, timestamp=produced)
    producer.flush(30)
    if commit:
        producer.commit_transaction(30)
    else:
        producer.abort_transaction(30)
    _wait_for_markers(bootstrap, topic)


def _wait_for_markers(bootstrap: str, topic: str):
    """Kafka answers that a transaction has ended before each partition has its marker: a reader would see a part of it."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "isolation.level": "read_committed"})
    try:
        _committed_ends(consumer, ends_of(bootstrap, [topic]))
    finally:
        consumer.close()


def pad(bootstrap: str, ends: dict):
    """No partition ends before the end that is wanted, as `ends_of` tells them: filled with records of an aborted transaction."""
    there = ends_of(bootstrap, sorted({topic for topic, _ in ends}))
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": uuid.uuid4().hex})
    producer.init_transactions(30)
    producer.begin_transaction()
    for (topic, number), end in ends.items():
        for _ in range(end - there[topic, number]):
            producer.produce(topic, key=b"nobody's", value=b"padding", partition=number)
    producer.flush(30)
    producer.abort_transaction(30)


def _committed_ends(consumer: Consumer, highest: dict) -> dict:
    """(topic, partition) → where committed records end; without those that hold none. Of a transaction that is committed a partition
    may get its marker a while later on a busy machine, and would be cut there without a word; one that stays open is not waited for."""
    deadline = time.monotonic() + MARKER_SECONDS
    while True:
        found = {place: consumer.get_watermark_offsets(TopicPartition(*place), timeout=15) for place in highest}
        if all(found[place][1] >= highest[place] for place in highest) or time.monotonic() > deadline:
            return {place: end for place, (low, end) in found.items() if end > low}
        time.sleep(0.1)


def read_raw(bootstrap: str, topics: list, seconds: float = 60) -> list:
    """Every committed (topic, key, value) as bytes, up to the ends that the topics have now."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "enable.auto.commit": False,
                         "isolation.level": "read_committed", "auto.offset.reset": "earliest"})
    try:
        ends = _committed_ends(consumer, ends_of(bootstrap, topics))
        consumer.assign([TopicPartition(topic, number, 0) for topic, number in ends])
        found = []
        deadline = time.monotonic() + seconds
        while ends:
            if time.monotonic() > deadline:
                raise TimeoutError(f"not read to the end: {ends}")
            message = consumer.poll(0.2)
            if message is not None and message.error() is None:
                found.append((message.topic(), message.key(), message.value()))
            # Transaction markers take offsets too, so the position tells the end, not the last message.
            for place in consumer.position([TopicPartition(*pair) for pair in ends]):
                if place.offset >= ends[(place.topic, place.partition)]:
                    del ends[(place.topic, place.partition)]
        return found
    finally:
        consumer.close()


def read_all(bootstrap: str, topics: list, seconds: float = 60) -> list:
    """The same as strings; None for a tombstone's value."""
    return [(topic, key.decode() if key else None, None if value is None else value.decode())
            for topic, key, value in read_raw(bootstrap, topics, seconds)]


def ends_of(bootstrap: str, topics: list) -> dict:
    """(topic, partition) → end offset; a transaction moves it even where it leaves no record."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": uuid.uuid4().hex, "isolation.level": "read_uncommitted"})
    try:
        known = consumer.list_topics(timeout=15).topics
        return {(topic, number): consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=15)[1]
                for topic in topics if topic in known for number in known[topic].partitions}
    finally:
        consumer.close()
