"""Exactly the rights that docs/operations.md documents suffice; with each one taken away the daemon says which one is missing, and
`check-config --connect` finds it out beforehand, without a running daemon noticing."""

import pathlib
import re
import subprocess

import pytest
from confluent_kafka.admin import AclOperation, AdminClient, ResourceType
from guarded_kafka import SETTINGS
from kafka import Cluster
from parts import BINARIES, Clock, start_simulator
from progress_bed import KEY, Bed, repeats
from rights import PASSWORD, USER, Rights

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = "2026-03-10T02:00:00Z"
SPEED = 300
PATIENCE = 90
KINDS = {"TransactionalId": ResourceType.TRANSACTIONAL_ID, "Group": ResourceType.GROUP, "Topic": ResourceType.TOPIC}
OPERATIONS = {"Write": AclOperation.WRITE, "Read": AclOperation.READ, "Describe": AclOperation.DESCRIBE,
              "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS, "Create": AclOperation.CREATE}


def documented(bed) -> list:
    """(kind, name, right) of each row of the table in docs/operations.md, for this deployment."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = []
    for kind, name, rights in re.findall(r"\n\| (TransactionalId|Group|Topic) \| ([^|]*) \| ([^|]*) \|", text):
        name = name.strip("` ").replace("<deployment>", bed.name)
        names = [f"{bed.topics}.{stream}" for stream in bed.streams] if name == "each data topic" else [name]
        # What is needed at times stands behind the semicolons, as a word of its own.
        words = re.findall(r"\b(" + "|".join(sorted(OPERATIONS, key=len, reverse=True)) + r")\b", rights)
        found += [(kind, one, word) for one in names for word in words]
    assert len(found) > 10, text
    return found


class GuardedBed(Bed):
    guarded = ""
    topics_asked = {}

    def sections(self) -> dict:
        login = {"security.protocol": "sasl_plaintext", "sasl.mechanism": "PLAIN", "sasl.username": USER,
                 "sasl.password": PASSWORD}
        kafka = {"session_timeout": "1s", "bootstrap_servers": self.guarded, "properties": login}
        return super().sections() | {"kafka": kafka | self.topics_asked}

    def log_size(self) -> int:
        return (self.folder / "openelectricity-stream.log").stat().st_size

    def topic_names(self) -> set:
        return set(AdminClient({"bootstrap.servers": self.bootstrap}).list_topics(timeout=30).topics)

    def connect(self) -> tuple:
        """(exit code, lines) of check-config --connect."""
        file = self.folder / "check.yaml"
        file.write_text(self.config(), encoding="utf-8")
        done = subprocess.run([BINARIES / "openelectricity-stream", "check-config", "--connect", "--config", file], text=True,
                              capture_output=True, timeout=180, check=False)
        assert PASSWORD not in done.stdout + done.stderr
        return done.returncode, done.stdout.splitlines() + done.stderr.splitlines()


@pytest.fixture(scope="module")
def cluster():
    with Cluster(extra=SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    clock = Clock(START, SPEED)
    simulator, api = start_simulator(BINARIES, tmp_path_factory.mktemp("api"), clock, KEY, "--calm", "--rate-limit", "off")
    yield clock, api
    simulator.stop()


@pytest.fixture
def bed(cluster, world, tmp_path):
    """With exactly the documented rights."""
    clock, api = world
    made = GuardedBed(tmp_path, cluster.bootstrap, api, clock, {"nem": "metrics: [power]"}, start="-2h")
    made.guarded = f"127.0.0.1:{cluster.nodes[0].proxy_target}"
    made.rights = Rights(cluster.bootstrap)
    for kind, name, right in documented(made):
        made.rights.give(KINDS[kind], name, OPERATIONS[right])
    yield made
    if made.daemon:
        made.daemon.kill()


def test_the_documented_rights_suffice_and_a_look_disturbs_nobody(bed):
    code, lines = bed.connect()
    assert code == 0, lines
    assert any(line.startswith("ok") and bed.progress_topic in line and "the daemon makes it" in line for line in lines), lines
    assert f"has     right Create on topic {bed.topics}.nem" in lines
    assert bed.daemon is None and not bed.topic_names() & {bed.progress_topic, f"{bed.topics}.nem"}, "the look made topics"
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    before = bed.status()
    code, lines = bed.connect()
    assert code == 0, lines
    for right in (f"Write on topic {bed.progress_topic}", f"Read on topic {bed.progress_topic}",
                  f"Describe on topic {bed.progress_topic}", f"DescribeConfigs on topic {bed.progress_topic}",
                  f"Write on topic {bed.topics}.nem", f"Read on topic {bed.topics}.nem", f"Describe on group {bed.name}"):
        assert f"has     right {right}" in lines, lines
    untold = [line for line in lines if line.startswith("untold")]
    assert any(f"Write on transactional.id openelectricity.{bed.name}: " in line for line in untold), lines
    assert any(line.startswith("ok") and "plan ENTERPRISE" in line for line in lines), lines
    stood = bed.member("nem")["position"]
    bed.wait_beyond({"nem": stood})
    after = bed.status()
    assert bed.log().count("leading: reading and publishing") == 1, bed.log()
    assert (after["role"], after["instance"]) == ("leading", before["instance"])
    assert "is lost" not in bed.log() and "replaced" not in bed.log(), bed.log()
    assert bed.run("verify") is not None
    bed.stop()
    assert not repeats(bed.records())


# What is taken → what the look says before, and what the daemon says, which then waits for the right.
TAKEN = [
    ("TransactionalId", "Write", "untold", "ransactional"),
    ("Group", "Read", None, "no right to read the group"),
    ("Topic progress", "Read", "lacks", "no right to read the progress topic"),
    ("Topic progress", "Write", "lacks", "refuses records"),
    ("Topic data", "Write", "lacks", "nem"),
]


@pytest.mark.parametrize("resource, right, looked, words", TAKEN, ids=[f"{row[0]} {row[1]}" for row in TAKEN])
def test_a_right_that_is_taken_away_is_named_and_waited_for(bed, resource, right, looked, words):
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    bed.stop()
    kind, _, which = resource.partition(" ")
    name = {"progress": bed.progress_topic, "data": f"{bed.topics}.nem"}.get(which) or \
        (bed.name if kind == "Group" else f"openelectricity.{bed.name}")
    bed.rights.take(KINDS[kind], name, OPERATIONS[right])
    shown = {"TransactionalId": "transactional.id", "Group": "group", "Topic": "topic"}[kind]
    code, lines = bed.connect()
    about = [line for line in lines if f"right {right} on {shown} {name}" in line]
    assert len(about) == 1, lines
    assert about[0].startswith(looked or ("untold", "lacks")), lines
    assert code == (1 if about[0].startswith("lacks") else 0), lines
    before = bed.log_size()
    bed.start()
    said = lambda: bed.log()[before:]
    bed.daemon.wait_until(lambda: any(words in line and "uthoriz" in line for line in said().splitlines()), PATIENCE)
    bed.rights.give(KINDS[kind], name, OPERATIONS[right])
    bed.wait_beyond({"nem": bed.member("nem")["position"]})
    bed.stop()
    assert not repeats(bed.records())


def test_tail_needs_read_of_the_data_topics_as_is_said_before_and_by_itself(bed):
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    bed.stop()
    name = f"{bed.topics}.nem"
    bed.rights.take(ResourceType.TOPIC, name, AclOperation.READ)
    code, lines = bed.connect()
    about = [line for line in lines if f"right Read on topic {name}" in line]
    assert code == 0 and len(about) == 1 and about[0].startswith("lacks"), lines
    assert about[0].endswith(": progress verify, backfill --refresh and tail need it"), about
    assert bed.call("tail", "--to-end", code=1) == (
        f"topic {name} cannot be read: Broker: Topic authorization failed; give this user the right Read on the topic\n")


@pytest.mark.parametrize("which", ("progress", "data"))
def test_a_topic_that_may_not_be_made_is_named(bed, which):
    name = bed.progress_topic if which == "progress" else f"{bed.topics}.nem"
    bed.rights.take(ResourceType.TOPIC, name, AclOperation.CREATE)
    code, lines = bed.connect()
    assert code == 1, lines
    assert any(line.startswith("lacks") and f"right Create on topic {name}" in line for line in lines), lines
    bed.start()
    bed.daemon.wait_until(lambda: any(name in line and "uthoriz" in line for line in bed.log().splitlines()), PATIENCE)
    bed.rights.give(ResourceType.TOPIC, name, AclOperation.CREATE)
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    bed.stop()


def test_a_topic_that_differs_is_told_and_left_alone(bed):
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    bed.stop()
    bed.topics_asked = {"topics": {"data": {"partitions": 7, "config": {"retention.ms": 5000}}}}
    code, lines = bed.connect()
    assert code == 0, lines
    line = next(line for line in lines if f"topic {bed.topics}.nem: " in line)
    assert line.startswith("warning") and "partitions is 3, not 7" in line and "retention.ms is -1, not 5000" in line, line
    assert any("3 partitions" in line for line in bed.connect()[1] if f"topic {bed.topics}.nem: " in line)
