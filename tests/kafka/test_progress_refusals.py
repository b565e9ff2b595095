"""What is refused at a start, and each way out of it, against a real Kafka."""

import json
import re

import pytest

from kafka import Cluster
from progress_months import months_covering
from progress_bed import nothing_lost, repeats
from progress_world import BEGAN, NOON, WHY, make, world  # noqa: F401  (fixtures)


@pytest.fixture(scope="module")
def other_cluster():
    with Cluster() as cluster:
        yield cluster.bootstrap


def commands_in(text: str) -> list:
    return [name.removeprefix("progress ") for name in re.findall(r"`(progress [^`]*)`", text)]


def test_a_file_edited_by_hand_is_noticed_and_kafka_holds(make):
    bed = make().start(NOON)
    bed.stop()
    file = bed.path / "progress.json"
    file.write_text(file.read_text().replace("2026-03-10T06:00:00", "2026-03-09T06:00:00"))
    bed.go_on()
    assert "does not fit its sha256" in bed.daemon.log_tail(100)
    bed.stop()
    assert bed.member("nem")["start"] == BEGAN and not repeats(bed.records())


@pytest.mark.parametrize("side", ("kafka", "file"))
def test_a_file_edited_with_its_hash_is_refused_until_a_side_is_trusted(make, side):
    bed = make().start(NOON)
    bed.stop()
    stood = bed.member("nem")["position"]

    def go_back(said):
        member = said["streams"]["nem"]["power"]
        member["position"] = "2026-03-10T11:00:00+10:00"
        member["months"] = months_covering([[BEGAN, "2026-03-10T11:00:00+10:00"]])

    bed.write_progress(go_back)
    line = bed.refused()
    assert "differ at the same sequence" in line
    assert f"reset --trust {side} --reason TEXT" in commands_in(line)
    assert "warning: progress.json and Kafka differ at the same sequence" in bed.run("show")
    bed.run("seek", "--stream", "nem", "--to", "2026-03-10T10:00:00", *WHY, code=78)
    said = bed.run("reset", "--trust", side, *WHY)
    assert ("published twice" in said) == (side == "file")
    assert bed.member("nem")["position"] == (stood if side == "kafka" else "2026-03-10T11:00:00+10:00")
    bed.go_on().stop()
    assert bool(repeats(bed.records())) == (side == "file")


@pytest.mark.parametrize("side", ("kafka", "file"))
def test_a_deleted_progress_topic_is_refused_until_a_side_is_trusted(make, world, side):
    bed = make().start(NOON)
    bed.stop()
    bed.delete_topics(bed.progress_topic)
    line = bed.refused()
    assert "Kafka holds none" in line and f"reset --trust {side} --reason TEXT" in commands_in(line)
    old = (bed.path / "progress.json").read_text()
    bed.run("reset", "--trust", side, *WHY)
    bed.go_on().stop()
    assert bool(repeats(bed.records())) == (side == "kafka")
    nothing_lost(bed, world["served"])
    good = bed.progress()
    if side == "file":  # and then the old file comes back, of a topic whose offsets went farther
        assert json.loads(old)["offset"] > good["offset"]
        (bed.path / "progress.json").write_text(old)
        bed.go_on().stop()  # the operator's change came after it
        assert bed.progress()["sequence"] > good["sequence"] and not repeats(bed.records())


def test_a_torn_file_and_no_topic_is_refused_until_a_good_file_is_put_back(make, world):
    bed = make().start(NOON)
    bed.stop()
    good = (bed.path / "progress.json").read_text()
    bed.delete_topics(bed.progress_topic)
    for file in bed.path.glob("progress.json*"):
        file.write_text(good[:200])
    line = bed.refused()
    assert "no side can tell" in line and commands_in(line) == ["reset --trust file --reason TEXT", "fresh"]
    assert "no readable progress.json" in bed.run("reset", "--trust", "file", *WHY, code=78)
    (bed.path / "progress.json").write_text(good)
    bed.run("reset", "--trust", "file", *WHY)
    bed.go_on().stop()
    assert not repeats(bed.records())
    nothing_lost(bed, world["served"])


def test_a_progress_topic_restored_from_an_older_copy_is_refused_and_trusting_the_file_repeats_nothing(make, world):
    from confluent_kafka import Producer

    bed = make().start(NOON)
    copy = bed.raw_progress()
    bed.wait_beyond({"nem": bed.member("nem")["position"]}).stop()
    bed.delete_topics(bed.progress_topic)
    bed.refused()  # makes the topic anew
    producer = Producer({"bootstrap.servers": bed.bootstrap})
    for key, value in copy:
        producer.produce(bed.progress_topic, key=key, value=value)
    producer.flush(20)
    line = bed.refused()  # "… is ahead of Kafka: …", or "… ends at offset …: …" where the copy is also the shorter log
    assert "Kafka lost data" in line and "reset --trust file --reason TEXT" in commands_in(line)
    said = bed.run("reset", "--trust", "file", *WHY)
    assert "covered by the file alone" in said
    bed.go_on().stop()
    assert not repeats(bed.records())
    nothing_lost(bed, world["served"])
    producer.produce(bed.progress_topic, key=b"begin", value=b'{"v":1,"sequence":1}')  # as an old writer would
    producer.flush(20)
    line = bed.refused()
    assert "the sequence falls" in line and "reset --trust file --reason TEXT" in commands_in(line)
    bed.delete_topics(bed.progress_topic)
    bed.run("reset", "--trust", "file", *WHY)
    bed.go_on().stop()
    assert not repeats(bed.records())


def test_a_file_of_another_deployment_is_refused(make):
    bed = make().start(NOON)
    bed.stop()
    bed.name += "-b"
    line = bed.refused()
    assert "belongs to another deployment" in line
    bed.run("reset", "--trust", "file", *WHY)
    bed.go_on().stop()
    assert not repeats(bed.records())


def test_progress_and_file_gone_over_data_is_refused_until_fresh(make, world):
    bed = make().start(NOON)
    bed.stop()
    bed.delete_topics(bed.progress_topic)
    for file in bed.path.glob("progress.json*"):
        file.unlink()
    line = bed.refused()
    assert "there is no progress" in line and commands_in(line) == ["fresh"]
    bed.run("fresh")
    bed.start(NOON).stop()
    assert repeats(bed.records()) and bed.reasons()[0]["command"] == "fresh"
    nothing_lost(bed, world["served"])
    assert "published again by an operator's change" in bed.run("verify")
    bed.run("adopt", *WHY, code=78)


def test_another_cluster_is_refused_until_adopted(make, other_cluster):
    bed = make().start(NOON)
    bed.stop()
    home = bed.bootstrap
    bed.bootstrap = other_cluster
    line = bed.refused()
    assert "another cluster" in line
    assert commands_in(line)[:3] == ["adopt --reason TEXT", "export --to FILE", "import --from FILE --reason TEXT"]
    stood = bed.member("nem")["position"]
    bed.run("adopt", *WHY)
    bed.go_on().stop()
    assert min(record["interval"] for record in bed.records()) >= stood
    bed.bootstrap = home  # back at the first one, which has progress of its own
    assert "another cluster" in bed.refused()
    bed.run("adopt", *WHY)
    assert bed.member("nem")["position"] == stood


def test_a_changed_identity_stops_the_stream_until_it_is_reset(make):
    bed = make().start(NOON)
    bed.stop()
    bed.streams = {"nem": "metrics: [power], primary_grouping: network"}
    bed.start()
    bed.daemon.wait_until(lambda: "stays stopped" in bed.daemon.log_tail(30))
    assert "reset --stream nem --reason TEXT" in commands_in(bed.daemon.log_tail(30))
    bed.run("reset", "--stream", "nem", *WHY)
    bed.daemon.wait_until(lambda: bed.reached(NOON))
    bed.stop()
    assert {r["grouping"] for r in bed.records()} == {"network_region", "total"}


@pytest.mark.parametrize(("change", "told"), [("topic: {topics}.elsewhere", "published into topic"),
                                              ("record: {{key: series}}", "`record.key: point`")])
def test_what_a_reload_refuses_of_a_stream_a_start_refuses_too_and_the_others_go_on(make, change, told):
    bed = make({"nem": "metrics: [power]", "other": "metrics: [energy]"}).start(NOON)
    bed.stop()
    there = len(bed.records("nem"))
    bed.streams["nem"] += ", " + change.format(topics=bed.topics)
    bed.leads()
    bed.daemon.wait_until(lambda: "stays stopped" in bed.daemon.log_tail(30))
    shown = bed.told()
    reason = next(one["what"] for one in shown["health"]["reasons"] if "stream nem" in one["what"])
    assert told in reason and "put the old" in reason, reason
    assert "reset --stream nem --reason TEXT" in commands_in(reason)
    assert [one["state"] for one in shown["streams"] if one["stream"] == "nem"] == ["identity_changed"]
    stood = bed.position("other", "energy")
    bed.daemon.wait_until(lambda: bed.position("other", "energy") > stood, 60)
    bed.stop()
    assert len(bed.records("nem")) == there
    if "elsewhere" in change:
        assert not bed.records("elsewhere")
    bed.streams["nem"] = "metrics: [power]"
    bed.go_on().stop()
    assert len(bed.records("nem")) > there and not repeats(bed.records("nem"))
