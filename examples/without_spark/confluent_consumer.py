"""Records of JSON with the confluent-kafka client, to the end that the topic has now.

  pip install confluent-kafka
  python3 confluent_consumer.py localhost:9092 openelectricity.market.5m.v1
"""

import sys
from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaException, TopicPartition


def committed_records(bootstrap: str, topic: str) -> Iterator[tuple[str, bytes]]:
    """(key, value) of each record; joins no group. A topic that is not there ends the program. Tombstones, which the list of facilities may have, are left out."""
    consumer = Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": "unused",
        "enable.auto.commit": False,
        # librdkafka's default, said all the same: records of aborted transactions were never published.
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        # librdkafka's default too: who only reads makes no topic of a typing error.
        "allow.auto.create.topics": False,
    })
    try:
        partitions = consumer.list_topics(topic, timeout=15).topics[topic].partitions
        if not partitions:
            sys.exit(f"there is no topic {topic}, or it may not be seen")
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        open_ones = set(partitions)
        while open_ones:
            message = consumer.poll(15)
            if message is None:
                raise TimeoutError("Kafka says nothing")
            if message.error() is None:
                if message.value() is not None:
                    yield message.key().decode(), message.value()
            elif message.error().name() == "_PARTITION_EOF":
                open_ones.discard(message.partition())
            else:
                raise KafkaException(message.error())
    finally:
        consumer.close()


def of_json(value: bytes) -> str:
    if value[:1] == b"\0":
        sys.exit("this topic has records of Avro: avro_consumer.py reads them, and pandas_frame.py with --registry")
    return value.decode()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("confluent_consumer.py BOOTSTRAP TOPIC")
    for _, value in committed_records(sys.argv[1], sys.argv[2]):
        print(of_json(value))
