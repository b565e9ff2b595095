"""A progress topic that takes no large records: the stream that writes them is set apart, the others go on, and nothing is lost once the
topic takes them."""

import json

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from progress_bed import Bed, calm_world, nothing_lost, repeats

# Less than an hour of all units' series takes, more than five series of regions do.
SMALL = 4000


class SmallProgress(Bed):
    def sections(self) -> dict:
        usual = super().sections()
        return usual | {"kafka": {**usual["kafka"], "topics": {"progress": {"config": {"max.message.bytes": SMALL}}}}}

    def state(self, stream: str) -> str:
        return next((one["state"] for one in self.told().get("streams", []) if one["stream"] == stream), "")

    def takes_large_records(self):
        entry = ConfigEntry("max.message.bytes", "1048588", incremental_operation=AlterConfigOpType.SET)
        topic = ConfigResource(ConfigResource.Type.TOPIC, self.progress_topic, incremental_configs=[entry])
        admin = AdminClient({"bootstrap.servers": self.bootstrap})  # its end would end what it was asked for
        for future in admin.incremental_alter_configs([topic]).values():
            future.result(15)


@pytest.fixture
def world(tmp_path):
    with calm_world(tmp_path) as made:
        yield made


@pytest.fixture
def bed(world, bootstrap, tmp_path):
    one = SmallProgress(tmp_path, bootstrap, world["api"], world["clock"],
                        {"units": "facility_code: all, primary_grouping: network, metrics: [power]",
                         "small": "metrics: [power], start: latest"}, start="-1h")
    yield one
    if one.daemon:
        one.daemon.kill()


def test_what_one_stream_writes_to_the_progress_topic_holds_up_no_other(world, bed):
    bed.start().daemon.wait_until(lambda: bed.state("units") == "set_apart" and bed.position("small"), 90)
    for _ in range(3):
        bed.moves("small")
    told = json.dumps(bed.told()["health"])
    assert f"topic {bed.progress_topic} refuses records" in told, told
    assert "raise the topic's max.message.bytes" in told, told
    assert not bed.records("units")
    asked = [one for one in world["served"].read_text(encoding="utf-8").splitlines() if "/facilities/" in json.loads(one)["request"]]
    bed.moves("small")
    bed.takes_large_records()
    bed.moves("units")
    bed.stop()
    assert len(asked) < 5, asked  # one window, and what comes before it; none for a rehearsal
    assert not repeats(bed.records())
    nothing_lost(bed, world["served"])
