"""The daemon's records, read back from its topic: the same keys and values in the same transactions for the bare producer."""

import pathlib
import struct
import time

from confluent_kafka import Consumer, TopicPartition

END_OF_TRANSACTION = struct.pack("<II", 0xFFFFFFFF, 0)
VERSION = b'"version":'


def _version(value: bytes) -> int:
    begin = value.rindex(VERSION) + len(VERSION)
    return int(value[begin:value.index(b",", begin)])


def _read(bootstrap: str, topic: str, expected: int, seconds: float) -> list:
    """(transaction, version, key, value) of every committed record."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "auto.offset.reset": "earliest"})
    try:
        partitions = consumer.list_topics(topic, timeout=15).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        found = []
        last = {}  # partition → (offset, transaction)
        deadline = time.monotonic() + seconds
        while len(found) < expected:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(found)} of {expected} records in {topic} after {seconds:.0f} s")
            for message in consumer.consume(min(10_000, expected), 1.0):
                if message.error():
                    raise RuntimeError(message.error().str())
                # Each commit leaves a marker in every partition that it wrote to: an offset without a record.
                offset, transaction = last.get(message.partition(), (-1, 0))
                if message.offset() > offset + 1:
                    transaction += 1
                last[message.partition()] = (message.offset(), transaction)
                value = message.value()
                found.append((transaction, _version(value), message.key(), value))
        return found
    finally:
        consumer.close()


def any_value(bootstrap: str, topic: str, seconds: float) -> bytes:
    """One committed record's value."""
    return _read(bootstrap, topic, 1, seconds)[0][3]


def dump(bootstrap: str, topic: str, expected: int, path: pathlib.Path, seconds: float) -> dict:
    """Writes bare_producer.cpp's file; {"transactions", "records", "bytes"}."""
    found = sorted(_read(bootstrap, topic, expected, seconds))
    if len({(key, version) for _, version, key, _ in found}) != expected:
        raise RuntimeError(f"{topic} does not hold {expected} different records")
    size = 0
    with open(path, "wb") as file:
        for place, (transaction, _, key, value) in enumerate(found):
            if place and transaction != found[place - 1][0]:
                file.write(END_OF_TRANSACTION)
            file.write(struct.pack("<II", len(key), len(value)))
            file.write(key)
            file.write(value)
            size += len(key) + len(value)
    return {"transactions": found[-1][0] + 1, "records": len(found), "bytes": size}
