"""Failures that nobody would see: a topic that Kafka refuses, rights that are missing, a password that is wrong, a Kafka
that is away. Each is told in the same words everywhere, and what it does not concern goes on."""

import json
import re
import signal
import subprocess
import time

import pytest
from confluent_kafka import Consumer
from confluent_kafka.admin import AclOperation, ResourceType
from guarded_kafka import GuardedKafka
from kafka import Cluster, free_port
from parts import BINARIES, Clock, start_simulator
from http_status import ask
from progress_bed import KEY, Bed, repeats
from rights import PASSWORD, USER

# A new interval every second.
SPEED = 300
START = "2026-03-10T02:00:00Z"
STREAMS = {"nem": "metrics: [power]", "shares": "metrics: [energy]", "prices": "metrics: [price]"}


@pytest.fixture(scope="module")
def guarded():
    with GuardedKafka() as kafka:
        yield kafka


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    clock = Clock(START, SPEED)
    simulator, api = start_simulator(BINARIES, tmp_path_factory.mktemp("api"), clock, KEY, "--calm", "--rate-limit", "off")
    yield clock, api
    simulator.stop()


class GuardedBed(Bed):
    guarded = ""
    user, password = USER, PASSWORD
    properties = None

    def sections(self) -> dict:
        properties = self.properties or {"security.protocol": "sasl_plaintext", "sasl.mechanisms": "PLAIN",
                                         "sasl.username": self.user, "sasl.password": self.password}
        return super().sections() | {"kafka": {"session_timeout": "1s", "properties": properties,
                                               "bootstrap_servers": self.guarded}}

    def ask(self, path: str):
        return ask(self.port, path) or (0, "")

    def wait(self, ready, seconds: float = 60):
        return self.daemon.wait_until(ready, seconds)

    def stream(self, name: str) -> dict:
        return next(row for row in self.status()["streams"] if row["stream"] == name)

    def positions(self) -> dict:
        return {name: max(m["position"] for m in metrics.values()) for name, metrics in self.progress()["streams"].items()}

    def stop(self):
        if self.daemon:
            code = self.daemon.stop()
            self.daemon = None
            assert code == 0


@pytest.fixture
def make_bed(guarded, world, tmp_path):
    clock, api = world
    beds = []

    def make(streams=None, **changes) -> GuardedBed:
        bed = GuardedBed(tmp_path, guarded.bootstrap, api, clock, streams or STREAMS, start="-2h")
        bed.guarded = guarded.guarded
        for name, value in changes.items():
            setattr(bed, name, value)
        beds.append(bed)
        return bed

    yield make
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def refuse_right(kafka, topic):
    kafka.rights.deny(topic, AclOperation.WRITE)
    return lambda: kafka.rights.allow(topic, AclOperation.WRITE)


def refuse_size(kafka, topic):
    kafka.set(topic, "max.message.bytes", "100")
    return lambda: kafka.set(topic, "max.message.bytes", "1048588")


@pytest.mark.parametrize("refuse", [refuse_right, refuse_size])
def test_E2_a_refused_topic_sets_its_stream_apart_and_the_others_go_on(guarded, make_bed, refuse):
    bed = make_bed().start()
    bed.wait(lambda: bed.progress() and set(bed.positions()) == set(STREAMS) and
             all(row["state"] in ("live", "waiting") for row in bed.status()["streams"]))
    topic = f"{bed.topics}.shares"
    repair = refuse(guarded, topic)
    try:
        apart = bed.wait(lambda: (row := bed.stream("shares"))["state"] == "set_apart" and row)
        assert topic in apart["last_error"] and "urged" not in apart["last_error"], apart
        stood = bed.positions()
        bed.wait(lambda: all(bed.positions()[name] > stood[name] for name in ("nem", "prices")))
        stood = bed.positions()
        time.sleep(5)
        moved = bed.positions()
        assert moved["shares"] == stood["shares"]
        assert all(moved[name] > stood[name] for name in ("nem", "prices")), (stood, moved)
        code, body = bed.ask("/readyz")
        assert code == 200 and topic in body, body
        assert bed.ask("/readyz?strict") == (503, body)
        assert bed.status()["health"]["level"] == "degraded"
        assert ',stream="shares",reason="topic_refused"} 1' in bed.ask("/metrics")[1]
        assert re.search(r"\nopenelectricity_health\{[^}]*\} 1\n", bed.ask("/metrics")[1])
        said = bed.log()
        assert "Purged in queue" not in said
        assert said.count("is set apart") == 1
        assert sum(" warn " in line for line in said.splitlines()) < 15, said
    finally:
        repair()
    bed.wait(lambda: bed.positions()["shares"] > moved["nem"], 90)
    bed.wait(lambda: bed.ask("/readyz") == (200, "ready\n"), 90)
    bed.stop()
    assert not repeats(bed.records())
    labels = sorted({record["interval"] for record in bed.records("shares")})
    assert labels == sorted({record["interval"] for record in bed.records("nem")})[:len(labels)]


def test_E2_a_deleted_topic_sets_its_stream_apart_and_the_others_go_on(make_bed):
    bed = make_bed().start()
    bed.wait(lambda: bed.progress() and set(bed.positions()) == set(STREAMS))
    bed.delete_topics(f"{bed.topics}.shares")
    apart = bed.wait(lambda: (row := bed.stream("shares"))["state"] == "set_apart" and row, 90)
    assert f"{bed.topics}.shares" in apart["last_error"]
    stood = bed.positions()
    bed.wait(lambda: all(bed.positions()[name] > stood[name] for name in ("nem", "prices")))
    assert bed.ask("/readyz")[0] == 200


def test_E2_a_progress_topic_that_may_not_be_written_fails_for_all_and_says_so(guarded, make_bed):
    bed = make_bed().start()
    bed.wait(lambda: bed.progress() and set(bed.positions()) == set(STREAMS))
    guarded.rights.deny(bed.progress_topic, AclOperation.WRITE)
    try:
        bed.wait(lambda: bed.ask("/readyz")[0] == 503 and bed.progress_topic in bed.ask("/readyz")[1])
        assert all(row["state"] != "set_apart" for row in bed.status()["streams"])
    finally:
        guarded.rights.allow(bed.progress_topic, AclOperation.WRITE)
    bed.wait(lambda: bed.ask("/readyz") == (200, "ready\n"), 90)
    bed.stop()
    assert not repeats(bed.records())


@pytest.mark.parametrize("kind, name, operation, words", [
    (ResourceType.TOPIC, "progress", AclOperation.READ, "no right to read the progress topic"),
    (ResourceType.GROUP, "group", AclOperation.READ, "no right to read the group"),
])
def test_E3_a_right_that_leading_needs_is_missing_not_ready_and_said(guarded, make_bed, kind, name, operation, words):
    bed = make_bed()
    resource = bed.progress_topic if name == "progress" else bed.name
    guarded.rights.deny(resource, operation, kind)
    try:
        bed.start()
        bed.wait(lambda: words in bed.ask("/readyz")[1])
        assert bed.ask("/readyz")[0] == 503
        assert words in json.dumps(bed.status()["health"])
        assert sum(words in line for line in bed.log().splitlines()) <= 3, bed.log()
    finally:
        guarded.rights.allow(resource, operation, kind)
    bed.wait(lambda: bed.ask("/readyz")[0] == 200 and bed.status()["role"] == "leading")
    bed.stop()


def test_E3_a_standby_that_waits_for_a_leader_is_ready(make_bed):
    leader = make_bed().start()
    leader.wait(lambda: leader.ask("/readyz")[0] == 200 and leader.status()["role"] == "leading")
    waits = make_bed(name=leader.name, topics=leader.topics)
    waits.start()
    waits.wait(lambda: waits.ask("/readyz") == (200, "ready\n") and waits.status()["role"] == "standby")
    time.sleep(5)
    assert waits.ask("/readyz") == (200, "ready\n")


def test_E3_a_reader_in_the_deployments_group_is_named_and_no_healthy_leader(make_bed):
    """It is given the progress partition as any member is, when the daemon is away for a moment, and keeps it."""
    bed = make_bed().start()
    bed.wait(lambda: bed.ask("/readyz")[0] == 200)
    bed.stop()
    reader = Consumer({"bootstrap.servers": bed.bootstrap, "group.id": bed.name, "session.timeout.ms": 6000,
                       "partition.assignment.strategy": "cooperative-sticky"})
    reader.subscribe([f"openelectricity.progress.{bed.name}"])
    try:
        deadline = time.monotonic() + 60
        while not reader.assignment() and time.monotonic() < deadline:
            reader.poll(0.1)
        assert reader.assignment()
        bed.start()

        def told():
            reader.poll(0)  # it stays a member as long as it asks
            code, text = bed.ask("/readyz")
            return code == 503 and "held by the client 'rdkafka'" in text and "another group.id" in text

        bed.wait(told)
        assert bed.status()["role"] == "standby"
    finally:
        reader.close()
    bed.wait(lambda: bed.ask("/readyz")[0] == 200 and bed.status()["role"] == "leading")


def test_E3_a_group_that_cannot_be_made_is_told_and_no_healthy_standby(world, tmp_path):
    """Kafka's own default on one broker: its topic of groups wants three copies."""
    clock, api = world
    with Cluster(extra={"offsets.topic.replication.factor": 3}) as cluster:
        bed = Bed(tmp_path, cluster.bootstrap, api, clock, STREAMS, start="-2h")
        bed.start()
        try:
            bed.daemon.wait_until(lambda: "its coordinator does not answer" in (ask(bed.port, "/readyz") or (0, ""))[1], 90)
            assert ask(bed.port, "/readyz")[0] == 503
        finally:
            bed.stop()


@pytest.mark.parametrize("changes, words", [
    ({"password": "wrong-password"}, "Invalid username or password"),
    ({"guarded": "no-such-host.invalid:9092"}, "resolve"),
    ({"guarded": f"127.0.0.1:{free_port()}"}, "Connection refused"),
])
def test_E4_why_kafka_cannot_be_reached_is_said_in_its_own_words(make_bed, changes, words):
    bed = make_bed(**changes)
    bed.start()
    bed.wait(lambda: words in bed.ask("/readyz")[1], 40)
    code, body = bed.ask("/readyz")
    assert code == 503 and len(body.splitlines()) == 1, body
    assert words in json.dumps(bed.status()["health"])
    warned = bed.warnings()
    assert any(words in line for line in warned), warned
    assert "Broker transport failure" not in "\n".join(warned)
    assert not bed.told_again(), warned
    bed.stop()


def test_E4_a_topic_that_may_not_be_described_is_not_called_missing(guarded, make_bed):
    bed = make_bed()
    topic = f"{bed.topics}.shares"
    guarded.make(topic)
    guarded.rights.deny(topic, AclOperation.DESCRIBE)
    try:
        bed.start()
        bed.wait(lambda: "no right to describe topic" in bed.ask("/readyz")[1])
        assert topic in bed.ask("/readyz")[1]
        assert "topics are missing" not in bed.log()
    finally:
        guarded.rights.allow(topic, AclOperation.DESCRIBE)
    bed.wait(lambda: bed.ask("/readyz")[0] == 200 and bed.status()["role"] == "leading")
    bed.stop()


def test_E4_oauthbearer_without_a_source_of_tokens_is_refused_by_name(make_bed):
    bed = make_bed(properties={"security.protocol": "sasl_plaintext", "sasl.mechanisms": "OAUTHBEARER"})
    bed.start()
    assert bed.daemon.process.wait(30) == 78
    bed.daemon = None
    assert "error: kafka.properties.sasl.mechanisms: OAUTHBEARER has no source of tokens" in bed.log()


def test_a_topic_that_is_made_compacted_while_its_keys_name_series_is_told_until_it_is_mended(guarded, make_bed):
    bed = make_bed({"nem": "metrics: [power], record: {key: series}"}).start()
    bed.wait(lambda: bed.ask("/readyz")[0] == 200 and bed.progress() and bed.positions())
    topic = f"{bed.topics}.nem"
    guarded.set(topic, "cleanup.policy", "compact")
    bed.wait(lambda: topic in bed.ask("/readyz")[1])
    reason = next(one for one in bed.status()["health"]["reasons"] if topic in one["what"])
    assert "cleanup.policy=compact" in reason["what"] and "record.key: series" in reason["what"], reason
    bed.wait_beyond(bed.positions())  # what runs goes on
    assert bed.log().count("the settings of a topic were changed") == 1
    guarded.set(topic, "cleanup.policy", "delete")
    bed.wait(lambda: bed.ask("/readyz") == (200, "ready\n"))
    bed.stop()


def test_what_a_topic_no_longer_keeps_is_told_while_the_daemon_runs_and_once_it_keeps_it_again(guarded, make_bed):
    bed = make_bed({"nem": "metrics: [power]"}).start()
    bed.wait(lambda: bed.ask("/readyz") == (200, "ready\n") and bed.progress() and bed.positions())
    topic = f"{bed.topics}.nem"
    for name, value, usual in (("cleanup.policy", "compact", "delete"), ("retention.ms", "604800000", "-1"),
                               ("unclean.leader.election.enable", "true", "false")):
        guarded.set(topic, name, value)
        bed.wait(lambda: bed.status()["health"]["level"] == "degraded")
        reason = next(one for one in bed.status()["health"]["reasons"] if topic in one["what"])
        assert reason["level"] == "degraded" and f"{name}={value}: " in reason["what"], reason
        assert bed.ask("/readyz")[0] == 200
        assert bed.log().count(f"{name}={value}: ") == 1
        guarded.set(topic, name, usual)
        bed.wait(lambda: bed.status()["health"]["level"] == "ok")
    bed.stop()


def test_E7_kafka_goes_away_and_comes_back(guarded, make_bed):
    bed = make_bed().start()
    bed.wait(lambda: bed.ask("/readyz")[0] == 200 and bed.progress() and set(bed.positions()) == set(STREAMS))
    process = guarded.cluster.nodes[0].process
    before = len(bed.warnings())
    process.send_signal(signal.SIGSTOP)
    try:
        bed.wait(lambda: bed.ask("/readyz")[0] == 503, 60)
        time.sleep(20)
        code, body = bed.ask("/readyz")
        assert code == 503 and "Kafka" in body, body
        health = bed.status()["health"]
        assert health["level"] == "failing" and "Kafka" in health["reasons"][0]["what"]
        assert re.search(r"\nopenelectricity_health\{[^}]*\} 2\n", bed.ask("/metrics")[1])
        shown = subprocess.run([BINARIES / "openelectricity-stream", "status", "--config", bed.folder / "openelectricity-stream.yaml"],
                               capture_output=True, text=True, timeout=30, check=False).stdout
        assert "health failing" in shown and "Kafka" in shown, shown
        assert not bed.told_again(before), bed.log()
    finally:
        process.send_signal(signal.SIGCONT)
    bed.wait(lambda: bed.ask("/readyz") == (200, "ready\n"), 90)
    assert "Kafka is back after" in bed.log()
    stood = bed.positions()
    bed.wait_beyond(stood)
    bed.stop()
    assert not repeats(bed.records())
