"""A Kafka that takes fewer bytes than a full transaction has in `kafka.message_timeout`, here by a quota: transactions become smaller until
they fit, other streams go on, and each record is published once."""

import shutil
import subprocess

import pytest
from kafka import fetch
from progress_bed import Bed, calm_world, nothing_lost, repeats

BYTES_A_SECOND = 60_000


class SlowBed(Bed):
    def sections(self) -> dict:
        usual = super().sections()
        return usual | {"kafka": {**usual["kafka"], "message_timeout": "3s"}}


def quota(bootstrap: str, *change: str):
    """Of all clients; librdkafka has no call for it."""
    command = [shutil.which("java"), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", f"{fetch()}/*", "kafka.admin.ConfigCommand",
               "--bootstrap-server", bootstrap, "--alter", "--entity-type", "clients", "--entity-default", *change]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)


@pytest.fixture
def slow(bootstrap):
    quota(bootstrap, "--add-config", f"producer_byte_rate={BYTES_A_SECOND}")
    yield bootstrap
    quota(bootstrap, "--delete-config", "producer_byte_rate")


@pytest.fixture
def world(tmp_path):
    with calm_world(tmp_path) as made:
        yield made


@pytest.fixture
def bed(world, slow, tmp_path):
    one = SlowBed(tmp_path, slow, world["api"], world["clock"],
                  {"big": "metrics: [power, energy], secondary_grouping: fueltech, start: -1d", "small": "metrics: [price], start: -1h"})
    yield one
    if one.daemon:
        one.daemon.kill()


def test_a_slow_kafka_gets_smaller_transactions_and_every_record_once(world, bed):
    began = bed.now()
    bed.start().daemon.wait_until(lambda: "within kafka.message_timeout" in bed.log(), 90)
    bed.daemon.wait_until(lambda: bed.position("small", "price") > began, 60)
    bed.daemon.wait_until(lambda: bed.position("big") > began, 240)
    bed.stop()
    assert "look at quotas" in bed.log()
    assert "Kafka refuses a stream's topic" not in bed.log()
    assert not repeats(bed.records())
    nothing_lost(bed, world["served"])
