"""Records of Avro with the confluent-kafka client and fastavro: each by its writer's schema, which the registry tells by its id.

  pip install confluent-kafka fastavro
  python3 avro_consumer.py localhost:9092 openelectricity.market.5m.v1 http://localhost:8080/apis/ccompat/v7
"""

import io
import json
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import fastavro
from confluent_consumer import committed_records

FRAME = 5  # a zero byte, and the id in four


def avro_records(bootstrap: str, topic: str, registry: str) -> Iterator[tuple[str, dict]]:
    """(key, record) of each; instants are datetimes in UTC."""
    writers = {}
    for key, value in committed_records(bootstrap, topic):
        if value[:1] != b"\0":
            sys.exit("this topic has records of JSON: confluent_consumer.py reads them, and pandas_frame.py without --registry")
        number = int.from_bytes(value[1:FRAME], "big")
        if number not in writers:
            with urlopen(f"{registry.rstrip('/')}/schemas/ids/{number}", timeout=30) as answer:
                writers[number] = fastavro.parse_schema(json.loads(json.load(answer)["schema"]))
        record = fastavro.schemaless_reader(io.BytesIO(value[FRAME:]), writers[number], None)
        # Metrics that the release which wrote it did not know; the list of facilities has none.
        yield key, record | (record.pop("extra_values", None) or {})


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("avro_consumer.py BOOTSTRAP TOPIC REGISTRY")
    for _, one in avro_records(*sys.argv[1:]):
        print(json.dumps({name: field for name, field in one.items() if field is not None}, default=str))
