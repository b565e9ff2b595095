#!/usr/bin/env python3
"""What one would write in an afternoon: requests, orjson, confluent-kafka; the daemon's records, without any guarantee.

  python_poller.py URL KEY BOOTSTRAP TOPIC

Prints one JSON object: CPU from the request to the flush's end, and seconds from the answer's last byte to it.
"""

import datetime
import json
import resource
import sys
import time

import orjson
import requests
from confluent_kafka import Producer

GROUPS = {"coal_black": "coal", "coal_brown": "coal", "gas_ccgt": "gas", "gas_ocgt": "gas", "gas_recip": "gas",
          "gas_steam": "gas", "gas_wcmg": "gas", "solar_utility": "solar", "solar_rooftop": "solar", "wind": "wind",
          "hydro": "hydro", "bioenergy_biogas": "bioenergy", "bioenergy_biomass": "bioenergy",
          "battery_charging": "battery_charging", "battery_discharging": "battery_discharging"}
FIVE_MINUTES = datetime.timedelta(minutes=5)


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_kib() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def utc(instant: datetime.datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class Bounds(dict):
    """label → (interval_start, interval_end), worked out once each."""

    def __missing__(self, label):
        end = datetime.datetime.fromisoformat(label).astimezone(datetime.timezone.utc)
        self[label] = (utc(end - FIVE_MINUTES), utc(end))
        return self[label]


def send(producer, topic: str, key: str, value: bytes):
    while True:
        try:
            producer.produce(topic, key=key, value=value)
            return
        except BufferError:
            producer.poll(0.05)


def publish(answer: dict, fetched_at: str, producer, topic: str) -> int:
    bounds = Bounds()
    version = time.time_ns() // 1000
    sent = 0
    for block in answer["data"]:
        metric, unit, network, size = block["metric"], block["unit"], block["network_code"], block["interval"]
        for series in block["results"]:
            region, fueltech = series["columns"]["region"], series["columns"]["fueltech"]
            prefix = f"v1|{network}|{size}|{metric}|fueltech={fueltech},region={region}|"
            for label, value in series["data"]:
                if value is None:
                    continue
                start, end = bounds[label]
                version += 1
                record = {"interval": label, "network_code": network, "metric": metric, "unit": unit,
                          "fueltech_group": GROUPS.get(fueltech), "network_region": region, metric: value,
                          "value": value, "interval_size": size, "interval_start": start, "interval_end": end,
                          "fueltech": fueltech, "stream": "bench", "grouping": "network_region/fueltech",
                          "revision": 0, "version": version, "fetched_at": fetched_at}
                send(producer, topic, prefix + label, orjson.dumps(record))
                sent += 1
                if sent % 512 == 0:
                    producer.poll(0)
    left = producer.flush(60)
    if left:
        raise SystemExit(f"{left} records were not delivered")
    return sent


def main(url: str, api_key: str, bootstrap: str, topic: str):
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5, "compression.codec": "lz4",
                         "partitioner": "murmur2_random", "queue.buffering.max.messages": 1000000,
                         "queue.buffering.max.kbytes": 65536})
    producer.list_topics(topic, timeout=30)
    cpu_before = cpu_seconds()
    reply = requests.get(url, headers={"Authorization": f"Bearer {api_key}"}, timeout=60)
    reply.raise_for_status()
    arrived = time.monotonic()
    fetched_at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    sent = publish(orjson.loads(reply.content), fetched_at, producer, topic)
    print(json.dumps({"records": sent, "seconds": time.monotonic() - arrived, "cpu_s": cpu_seconds() - cpu_before,
                      "answer_bytes": len(reply.content), "peak_kib": peak_kib()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
