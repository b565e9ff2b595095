"""`progress …` against a real Kafka: with the daemon and without."""

import datetime
import json
import stat
import subprocess
import time

import pytest
from confluent_kafka.admin import AdminClient

from http_status import ask
from progress_months import months_covering
from progress_bed import nothing_lost, repeats
from parts import BINARIES, Clock
from progress_world import BEGAN, EDGE, NOON, WHY, make, world  # noqa: F401  (fixtures)


def test_show_tells_what_the_daemon_knows_and_what_kafka_knows_without_one(make):
    bed = make().start(NOON)
    said = json.loads(bed.run("show", "--json"))
    assert said["streams"]["nem"]["power"]["start"] == BEGAN
    assert "nem" in bed.run("show") and "POSITION" in bed.run("show")
    bed.stop()
    (bed.path / "progress.json").unlink()
    (bed.path / "progress.json.prev").unlink()
    assert json.loads(bed.run("show", "--json"))["sequence"] >= said["sequence"]


def test_the_socket_is_private_and_a_dead_daemons_does_not_keep_a_command_from_its_work(make):
    bed = make().start(NOON)
    socket = bed.path / "control.sock"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    bed.daemon.kill()
    bed.daemon = None
    assert socket.exists()
    bed.run("seek", "--stream", "nem", "--to", "2026-03-10T11:00:00", *WHY)
    assert bed.member("nem")["position"] == "2026-03-10T11:00:00+10:00"
    assert not socket.exists()


def test_seek_back_in_a_running_daemon_publishes_again_from_there_with_higher_versions(make, world):
    bed = make({"nem": "metrics: [power]", "wem": "network_code: WEM, metrics: [power]"}).start({**NOON})
    until = bed.progress()["last_version"]
    plan = bed.run("seek", "--stream", "nem", "--to", "2026-03-10T10:02:00", "--reason", "a test", code=2)
    assert "goes back" in plan and "published again" in plan and "--yes" in plan
    assert not bed.reasons()
    done = bed.run("seek", "--stream", "nem", "--to", "2026-03-10T10:02:00", *WHY)
    assert "done, at sequence" in done
    bed.daemon.wait_until(lambda: bed.reached(NOON))
    bed.stop()
    reason = bed.reasons()[0]
    assert (reason["reason"], reason["command"]) == ("a test", "seek --stream nem --to 2026-03-10T10:02:00")
    assert reason["who"] and reason["host"] and reason["at"] and reason["sequence"]
    records = bed.records("nem")
    assert reason["last_version"] >= until
    before = [r for r in records if r["version"] <= reason["last_version"]]
    after = [r for r in records if r["version"] > reason["last_version"]]
    assert not repeats(before) and not repeats(after)
    assert min(r["interval"] for r in after) == "2026-03-10T10:00:00+10:00"
    assert {r["revision"] for r in after} == {0}
    again = {r["key"] for r in before if r["interval"] >= "2026-03-10T10:00:00+10:00"}
    assert again and again <= {r["key"] for r in after}
    assert not repeats(bed.records("wem"))
    nothing_lost(bed, world["served"])
    bed.run("verify")


def test_seek_forward_without_a_daemon_leaves_a_gap_that_is_never_fetched(make, world):
    bed = make().start({"nem": "2026-03-10T08:00:00+10:00"})
    bed.stop()
    stood = bed.member("nem")["position"]
    bed.run("seek", "--stream", "nem", "--to", "2027-01-01", *WHY, code=78)
    target = (datetime.datetime.fromisoformat(stood) + datetime.timedelta(minutes=30)).isoformat()
    while bed.now() < target:
        time.sleep(0.05)  # the simulated clock
    bed.run("seek", "--stream", "nem", "--metric", "power", "--to", target, *WHY)
    gaps = [gap for gap in bed.member("nem")["gaps"] if gap["reason"] == "seek"]
    assert [(gap["from"], gap["to"]) for gap in gaps] == [(stood, target)]
    bed.go_on().stop()
    labels = {record["interval"] for record in bed.records()}
    assert not [label for label in labels if stood <= label < target] and max(labels) >= target
    assert not repeats(bed.records())


def test_a_command_that_was_refused_has_made_no_topic(make, bootstrap):
    bed = make()
    assert "no progress of nem" in bed.run("seek", "--stream", "nem", "--to", "2026-03-10T10:00:00", *WHY, code=78)
    there = AdminClient({"bootstrap.servers": bootstrap}).list_topics(timeout=30).topics
    assert not [topic for topic in there if bed.name in topic]


@pytest.mark.parametrize("running", (True, False))
def test_reset_begins_again_at_start(make, running):
    bed = make({"nem": "metrics: [power, energy]"}).start(NOON)
    if not running:
        bed.stop()
    bed.run("reset", "--stream", "nowhere", *WHY, code=78)
    said = bed.run("reset", "--stream", "nem", "--metric", "power", *WHY)
    assert "begins again at 2026-03-10T06:00:00+10:00" in said and "energy" not in said
    if not running:
        assert not bed.member("nem")["covered"] and bed.member("nem", "energy")["covered"]
        bed.start()
    bed.daemon.wait_until(lambda: bed.reached(NOON))
    bed.stop()
    before = bed.reasons()[0]["last_version"]
    power = [r for r in bed.records() if r["metric"] == "power"]
    assert not repeats([r for r in power if r["version"] > before])
    assert min(r["interval"] for r in power if r["version"] > before) == BEGAN
    assert not repeats([r for r in bed.records() if r["metric"] == "energy"])


def test_rename_goes_on_under_the_new_name_and_repeats_nothing(make):
    bed = make().start(NOON)
    assert "names no stream 'regions'" in bed.run("rename", "--from", "nem", "--to", "regions", *WHY, code=78)
    bed.stop()
    bed.streams = {"regions": f"metrics: [power], topic: {bed.topics}.nem"}
    stood = bed.member("nem")["position"]
    assert "nothing is repeated" in bed.run("rename", "--from", "nem", "--to", "regions", "--reason", "a test")
    assert bed.member("regions")["position"] == stood and "nem" not in bed.progress()["streams"]
    bed.go_on().stop()
    assert not repeats(bed.records("nem"))
    assert {r["stream"] for r in bed.records("nem")} == {"nem", "regions"}
    # Records under the old name are the stream's own.
    assert "progress and data topics fit" in bed.run("verify")
    bed.call("backfill", "--stream", "regions", "--from", BEGAN[:19], "--to", EDGE[:19], "--refresh", "--yes")
    assert not repeats(bed.records("nem"))


def test_rename_in_a_running_daemon_that_has_published_nothing_under_the_new_name(make, world):
    bed = make().start(NOON)
    bed.stop()
    now = Clock(bed.progress()["streams"]["nem"]["power"]["position"], 1)  # real time: nothing new for minutes
    bed.clock = now
    bed.streams = {"regions": f"metrics: [power], start: latest, topic: {bed.topics}.nem"}
    bed.start()
    bed.daemon.wait_until(lambda: "is what stream 'nem' was" in (ask(bed.port, "/readyz") or (0, ""))[1])
    assert "goes on at" in bed.run("rename", "--from", "nem", "--to", "regions", "--reason", "a test")
    bed.daemon.wait_until(lambda: ask(bed.port, "/readyz")[0] == 200)
    assert bed.member("regions")["start"] == BEGAN
    bed.stop()


def test_export_here_import_there_goes_on_with_rising_versions(make, world, tmp_path):
    old = make().start(NOON)
    document = tmp_path / "export.json"
    assert "exported: sequence" in old.run("export", "--to", str(document))
    old.stop()
    old.run("export", "--to", str(document))
    new = make(topics=old.topics)
    with open("/dev/full", "w", encoding="utf-8") as full:
        unwritten = subprocess.run([BINARIES / "openelectricity-stream", "progress", "export", "--config", old.write_config()],
                                   stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert unwritten.returncode == 1 and "stdout does not take" in unwritten.stderr
    damaged = tmp_path / "damaged.json"
    damaged.write_text(document.read_text().replace("2026-03-10T06:00:00", "2026-03-10T07:00:00"))
    assert "does not fit its sha256" in new.run("import", "--from", str(damaged), *WHY, code=78)
    newer = tmp_path / "newer.json"
    newer.write_text(document.read_text().replace('"format": 2', '"format": 3'))
    assert "written by a newer release" in new.run("import", "--from", str(newer), *WHY, code=78)
    new.run("import", "--from", str(document), *WHY)
    new.go_on().stop()
    assert not repeats(new.records())
    nothing_lost(new, world["served"])
    new.go_on()
    assert "--replace" in new.run("import", "--from", str(document), *WHY, code=78)
    new.run("import", "--replace", "--from", str(document), *WHY)
    new.stop()
    records = new.records()
    assert len({r["version"] for r in records}) == len(records)


def test_a_standby_names_the_leader_and_does_nothing(make):
    leader = make().start(NOON)
    standby = make(name=leader.name, topics=leader.topics).start()
    standby.daemon.wait_until(lambda: "standby: another instance leads" in standby.daemon.log_tail(30))
    said = standby.run("reset", "--stream", "nem", *WHY, code=75)
    assert "does not lead" in said and leader.progress()["claim_owner"] in said
    assert not leader.reasons()
    standby.stop()
    other = make(name=leader.name, topics=leader.topics)  # no daemon on that path: the command itself may not lead
    assert "another instance leads" in other.run("reset", "--stream", "nem", *WHY, code=75)


@pytest.mark.parametrize("running", (True, False))
def test_at_least_once_is_operated_in_the_same_way(make, running):
    bed = make(extra={"delivery": "at_least_once"}).start(NOON)
    if not running:
        bed.stop()
    bed.run("seek", "--stream", "nem", "--to", "2026-03-10T11:00:00", *WHY)
    if not running:
        bed.start()
    bed.daemon.wait_until(lambda: bed.reached(NOON))
    bed.stop()
    assert bed.reasons() and "progress and data topics fit" in bed.run("verify")


def test_what_costs_something_is_asked_on_a_terminal(make):
    bed = make().start(NOON)
    bed.stop()
    stood = bed.member("nem")["position"]
    assert "nothing was changed" in bed.run("reset", "--stream", "nem", "--reason", "a test", code=1, typed="n\n")
    assert bed.member("nem")["position"] == stood
    bed.run("reset", "--stream", "nem", "--reason", "a test", typed="y\n")
    assert not bed.member("nem")["covered"]


def test_verify_fits_beside_a_running_daemon_and_finds_what_is_there_twice_or_missing(make):
    from confluent_kafka import Producer

    bed = make({"nem": "metrics: [power, energy]"}).start(NOON)
    assert "progress and data topics fit" in bed.run("verify")
    bed.run("seek", "--stream", "nem", "--to", "2026-03-10T11:00:00", *WHY)
    bed.daemon.wait_until(lambda: bed.reached(NOON))
    bed.stop()
    said = bed.run("verify", "--stream", "nem")
    assert "published again by an operator's change" in said and "nem/energy: " in said

    def reach_back(member):
        member["start"] = "2026-03-10T05:00:00+10:00"
        member["months"] = months_covering([[member["start"], member["position"]]])

    bed.write_progress(lambda said: reach_back(said["streams"]["nem"]["power"]))
    bed.run("reset", "--trust", "file", *WHY)
    said = bed.run("verify", code=1)
    assert "nem/power: covered, but no record at 2026-03-10T05:00:00+10:00" in said
    bed.run("seek", "--stream", "nem", "--to", "2026-03-10T05:00:00", *WHY)  # the way out that it names
    bed.start(NOON).stop()
    assert "progress and data topics fit" in bed.run("verify")
    again = bed.records()[-1]
    producer = Producer({"bootstrap.servers": bed.bootstrap, "partitioner": "murmur2_random"})
    producer.produce(again["topic"], key=again["key"], value=again["text"])
    producer.flush(20)
    assert "key and revision that was there already" in bed.run("verify", code=1)
