"""Authority that is compared whenever it is taken (guarantee.md §3): a Kafka that loses data, is replaced by another,
or loses the progress topic while the daemon runs; an operator's break beside a running standby."""

import os
import shutil
import signal
import time

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from kafka import Cluster, fetch
from kafka_io import make_topic
from parts import BINARIES, Clock, start_daemon, start_simulator
from progress_bed import KEY, Bed, repeats

SPEED = 900
START = "2026-03-10T02:00:00Z"
NEM = {"nem": "metrics: [power]"}
NOON = {"nem": "2026-03-10T12:00:00+10:00"}
WHY = ("--reason", "a test", "--yes")
REFUSED = 78


class Beside(Bed):
    """A bed whose lease outlives a broker's restart where a test wants that."""

    lease = "1s"

    def sections(self) -> dict:
        return super().sections() | {"kafka": {"session_timeout": self.lease, "message_timeout": "4s",
                                               "transaction_timeout": "6s"}}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    clock = Clock(START, SPEED)
    simulator, api = start_simulator(BINARIES, folder, clock, KEY, "--rate-limit", "off")
    yield {"api": api, "clock": clock}
    simulator.stop()


@pytest.fixture
def cluster():
    """One of its own: it is stopped and its files are changed."""
    with Cluster(extra={"group.max.session.timeout.ms": 120000}) as running:
        yield running


@pytest.fixture
def make(world, tmp_path):
    beds = []

    def made(bootstrap, **options):
        bed = Beside(tmp_path, bootstrap, world["api"], world["clock"], dict(NEM), start="2026-03-10T06:00:00", **options)
        beds.append(bed)
        return bed

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.process.send_signal(signal.SIGCONT)
            bed.daemon.kill()


def ended(bed, seconds: float = 180) -> str:
    """The daemon has refused to go on: its one error line."""
    code = bed.daemon.process.wait(seconds)
    text = bed.daemon.log.read_text(encoding="utf-8")
    bed.daemon = None
    errors = [line for line in text.splitlines() if line.split(" ")[1:2] == ["error"]]
    assert code == REFUSED, f"{code}: {text[-4000:]}"
    assert len(errors) == 1, errors
    assert "progress.json is missing" not in text
    return errors[0]


def restart(cluster):
    cluster.nodes[0].start()
    cluster.wait_ready()


def partition(cluster, topic: str, number: int = 0):
    return cluster.nodes[0].folder / "data" / f"{topic}-{number}"


def give_another_id(cluster, home: str):
    """The same brokers and the same data, as another cluster."""
    cluster.nodes[0].stop()
    described = cluster.nodes[0].folder / "data" / "meta.properties"
    text = described.read_text(encoding="utf-8")
    assert home in text
    described.write_text(text.replace(home, home[::-1]), encoding="utf-8")
    restart(cluster)


def put_back(cluster, bed, folder, copy):
    """The broker is stopped, `folder` is put back to the older copy, and the broker is started again."""
    cluster.nodes[0].stop()
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    restart(cluster)


def older_copy(cluster, bed, folder, to):
    cluster.nodes[0].stop()
    shutil.copytree(folder, to)
    restart(cluster)
    bed.wait_beyond({"nem": bed.member("nem")["position"]})
    bed.wait_beyond({"nem": bed.member("nem")["position"]})


def copy_of_a_stopped(cluster, bed, to):
    """A copy in which no transaction is open; the daemon has gone on since. The partition's folder."""
    bed.start(NOON).stop()
    folder = partition(cluster, bed.progress_topic)
    cluster.nodes[0].stop()
    shutil.copytree(folder, to)
    restart(cluster)
    bed.go_on()
    bed.wait_beyond({"nem": bed.member("nem")["position"]})
    return folder


@pytest.mark.parametrize("lease", ("1s", "100s"), ids=("B1 the lease is lost", "B2 the lease is kept"))
def test_B1_B2_a_progress_partition_put_back_while_the_daemon_runs_is_refused(cluster, make, tmp_path, lease):
    bed = make(cluster.bootstrap)
    bed.lease = lease
    bed.start(NOON)
    folder = partition(cluster, bed.progress_topic)
    older_copy(cluster, bed, folder, tmp_path / "copy")
    kept = bed.progress()["sequence"]
    put_back(cluster, bed, folder, tmp_path / "copy")
    line = ended(bed)
    assert "Kafka" in line and "progress reset --trust file --reason TEXT" in line
    assert not repeats(bed.records())
    assert bed.progress()["sequence"] >= kept, "the file's evidence was overwritten"
    assert "Kafka" in bed.refused()  # a fresh start in the same state says the same


def test_B1_a_standby_that_knows_less_does_not_go_on_where_the_leader_refused(cluster, make, tmp_path):
    bed = make(cluster.bootstrap)
    bed.lease = "100s"
    folder = copy_of_a_stopped(cluster, bed, tmp_path / "copy")
    other = make(cluster.bootstrap, name=bed.name, topics=bed.topics)
    other.lease = "100s"
    other.start()
    other.daemon.wait_until(lambda: "standby: another instance leads" in other.log(), 60)
    put_back(cluster, bed, folder, tmp_path / "copy")
    assert "progress reset --trust file --reason TEXT" in ended(bed)
    line = ended(other)
    assert "knew more than Kafka holds, and refused to go on" in line
    assert "knew more than Kafka holds" in other.refused()  # a start says the same
    assert not repeats(bed.records())
    bed.run("reset", "--trust", "file", *WHY)
    other.start(NOON).stop()
    bed.go_on().stop()
    assert not repeats(bed.records())


def test_B1_what_a_start_refuses_by_its_file_a_standby_refuses_too(cluster, make, tmp_path):
    bed = make(cluster.bootstrap)
    folder = copy_of_a_stopped(cluster, bed, tmp_path / "copy")
    bed.daemon.kill()
    bed.daemon = None
    put_back(cluster, bed, folder, tmp_path / "copy")
    assert "Kafka" in bed.refused()
    other = make(cluster.bootstrap, name=bed.name, topics=bed.topics)
    assert "knew more than Kafka holds, and refused to go on" in other.refused()
    bed.run("reset", "--trust", "file", *WHY)
    other.start(NOON).stop()
    assert not repeats(bed.records())


def test_B1_an_older_progress_partition_with_a_transaction_that_nobody_ends_is_refused(cluster, make, tmp_path):
    bed = make(cluster.bootstrap).start(NOON)
    folder = partition(cluster, bed.progress_topic)
    stranger = Producer({"bootstrap.servers": cluster.bootstrap, "transactional.id": f"stranger-{bed.name}",
                         "transaction.timeout.ms": 60000})
    stranger.init_transactions(30)
    stranger.begin_transaction()
    stranger.produce(bed.progress_topic, key="stranger", value="", partition=0)
    stranger.flush(30)
    cluster.nodes[0].stop()
    shutil.copytree(folder, tmp_path / "copy")
    restart(cluster)
    stranger.abort_transaction(60)
    for _ in range(2):
        bed.wait_beyond({"nem": bed.member("nem")["position"]})
    put_back(cluster, bed, folder, tmp_path / "copy")
    line = ended(bed, 300)  # three readings that come to no end
    assert "Kafka lost data" in line and "cannot be read to its end" in line
    assert "progress reset --trust file --reason TEXT" in line
    assert "Kafka lost data" in bed.refused()
    assert not repeats(bed.records())


def test_B2_a_data_partition_put_back_while_the_daemon_runs_is_refused(cluster, make, tmp_path):
    bed = make(cluster.bootstrap).start(NOON)
    topic = f"{bed.topics}.nem"
    folders = [partition(cluster, topic, number) for number in range(3)]
    cluster.nodes[0].stop()
    for folder in folders:
        shutil.copytree(folder, tmp_path / folder.name)
    restart(cluster)
    for _ in range(2):
        bed.wait_beyond({"nem": bed.member("nem")["position"]})
    cluster.nodes[0].stop()
    for folder in folders:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / folder.name, folder)
    restart(cluster)
    line = ended(bed)
    assert topic in line and "lost" in line


def test_B3_another_cluster_at_the_same_address_is_refused(cluster, make):
    bed = make(cluster.bootstrap).start(NOON)
    twin = Cluster()
    try:
        lib = fetch()
        twin.lay_out(lib)
        node = twin.nodes[0]
        node.port = cluster.nodes[0].port
        node.write_config(f"1@127.0.0.1:{node.controller}", 1, {})
        home = bed.progress()["cluster_id"]
        cluster.nodes[0].stop()
        node.start(lib)
        twin.wait_ready()
        line = ended(bed)
        assert home in line and "another cluster" in line
        there = AdminClient({"bootstrap.servers": cluster.bootstrap}).list_topics(timeout=15).topics
        assert not [topic for topic in there if bed.name in topic], "topics were made in the other cluster"
        assert bed.progress()["cluster_id"] == home
    finally:
        twin.stop()


def test_B3_a_standby_that_waited_on_one_cluster_refuses_another(cluster, make):
    """It has led, waits, and is given the lease by another cluster with a copy of all data."""
    waits = make(cluster.bootstrap).start(NOON)
    waits.daemon.process.send_signal(signal.SIGSTOP)
    leads = make(cluster.bootstrap, name=waits.name, topics=waits.topics)
    leads.start()
    leads.daemon.wait_until(lambda: leads.progress() is not None and leads.reached(NOON), 60)
    leads.wait_beyond({"nem": leads.member("nem")["position"]})
    waits.daemon.process.send_signal(signal.SIGCONT)
    waits.daemon.wait_until(lambda: waits.status().get("role") == "standby", 60)
    home = leads.progress()["cluster_id"]
    leads.daemon.kill()
    leads.daemon = None
    give_another_id(cluster, home)
    line = ended(waits)
    assert "another cluster" in line and home in line
    assert not repeats(waits.records())


def test_B2_a_topic_that_was_made_again_is_refused_though_its_last_records_came_before_a_restart(cluster, make):
    """What the last transaction wrote is known to the file alone, and a daemon that has only claimed must keep it."""
    bed = make(cluster.bootstrap)
    bed.streams = {"days": "metrics: [energy], interval: 1d, start: -3d"}  # a day's records, and then none for a day
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress() is not None and bed.records(), 60)
    bed.stop()
    claimed = bed.progress()["generation"]
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress()["generation"] > claimed, 60)
    bed.stop()
    topic = f"{bed.topics}.days"
    bed.delete_topics(topic)
    make_topic(bed.bootstrap, topic)
    assert topic in bed.refused()


def test_B4_the_progress_topic_deleted_while_the_daemon_runs_offers_the_file(cluster, make):
    bed = make(cluster.bootstrap).start(NOON)
    bed.delete_topics(bed.progress_topic)
    line = ended(bed)
    assert "reset --trust file --reason TEXT" in line and "file: none" not in line and "progress fresh" not in line
    bed.run("reset", "--trust", "file", *WHY)
    bed.go_on().stop()
    assert not repeats(bed.records())


def reset_to_the_file(_cluster, bed):
    bed.delete_topics(bed.progress_topic)
    bed.run("reset", "--trust", "file", *WHY)


def import_what_was_exported(_cluster, bed):
    document = bed.folder / "export.json"
    bed.run("export", "--to", str(document))
    bed.delete_topics(bed.progress_topic)
    bed.run("import", "--replace", "--from", str(document), *WHY)


def adopt_another_cluster(cluster, bed):
    give_another_id(cluster, bed.progress()["cluster_id"])
    bed.run("adopt", *WHY)


def begin_fresh(_cluster, bed):
    bed.delete_topics(bed.progress_topic)
    for file in bed.path.glob("progress.json*"):
        file.unlink()
    bed.run("fresh")


@pytest.mark.parametrize("operate", (reset_to_the_file, import_what_was_exported, adopt_another_cluster, begin_fresh))
def test_B1_a_standbys_memory_yields_to_what_an_operator_did_meanwhile(cluster, make, operate):
    slept = make(cluster.bootstrap).start(NOON)
    slept.daemon.process.send_signal(signal.SIGSTOP)  # it has led, and remembers
    other = make(cluster.bootstrap, name=slept.name, topics=slept.topics)
    other.start()
    other.daemon.wait_until(lambda: other.progress() is not None and other.reached(NOON), 60)
    other.wait_beyond({"nem": other.member("nem")["position"]}).stop()
    before = other.records()[-1]["version"]
    assert not repeats(other.records())
    operate(cluster, other)
    other.start()
    other.daemon.wait_until(lambda: other.progress() is not None and other.reached(NOON), 60)
    other.wait_beyond({"nem": other.member("nem")["position"]})
    slept.daemon.process.send_signal(signal.SIGCONT)
    time.sleep(5)  # it finds that it was fenced, and waits
    assert slept.daemon.process.poll() is None, slept.daemon.log_tail(20)
    stood = other.member("nem")["position"]
    other.daemon.kill()
    other.daemon = None
    slept.daemon.wait_until(lambda: slept.member("nem")["position"] > stood, 60)
    slept.stop()
    records = slept.records()
    # A fresh start publishes everything once more, and it alone; whoever comes after it goes on from there.
    assert bool(repeats(records)) == (operate is begin_fresh)
    assert not repeats([record for record in records if record["version"] > before])


def test_B5_a_revoke_and_an_assignment_served_by_one_poll(cluster, make, world):
    """A pause inside unassign, as long as it takes to be assigned again."""
    chaos = BINARIES.parent / "tests" / "chaos" / "openelectricity-stream-chaos"
    if not chaos.exists():
        pytest.fail(f"{chaos} is not built")
    first = make(cluster.bootstrap)
    os.environ["OES_CHAOS_KILL_AT"] = "member.unassigned:1:pause"
    try:
        folder = first.folder / "bin"
        folder.mkdir()
        (folder / "openelectricity-stream").symlink_to(chaos)
        first.daemon = start_daemon(folder, first.folder, first.config())
    finally:
        del os.environ["OES_CHAOS_KILL_AT"]
    first.daemon.wait_until(lambda: first.reached(NOON), 60)
    for _ in range(3):
        first.daemon.process.send_signal(signal.SIGSTOP)
        other = make(cluster.bootstrap, name=first.name, topics=first.topics)
        other.start()
        other.daemon.wait_until(lambda: other.progress() is not None and other.reached(NOON), 60)
        other.wait_beyond({"nem": other.member("nem")["position"]}).stop()
        first.daemon.process.send_signal(signal.SIGCONT)
        stood = other.member("nem")["position"]
        first.daemon.wait_until(lambda: first.member("nem")["position"] > stood, 60)
    first.stop()
    assert not repeats(first.records())
