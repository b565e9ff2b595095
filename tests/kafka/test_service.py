"""What the daemon tells its service manager: when it is ready, that it lives, in what state it is; and its log as the
journal takes it. The manager's ends of the sockets are here; tests/system has a booted systemd."""

import os
import signal
import socket
import subprocess
import time

import pytest
from parts import BINARIES, start_daemon
from progress_bed import Bed, calm_world
from service_manager import ServiceManager


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with calm_world(tmp_path_factory.mktemp("service")) as one:
        yield one


@pytest.fixture
def manager(tmp_path, monkeypatch):
    one = ServiceManager(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", one.path)
    yield one
    one.close()


@pytest.fixture
def make(tmp_path, bootstrap, world):
    beds = []

    def made(**options) -> Bed:
        options = {"bootstrap": bootstrap, "clock": world["clock"], "start": "2026-03-10T06:00:00", **options}
        beds.append(Bed(tmp_path, api=world["api"], streams={"nem": "metrics: [power]"}, **options))
        return beds[-1]

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def wait(condition, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_ready_comes_when_topics_were_looked_at_and_the_loop_feeds_the_watchdog(make, manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "2000000")
    bed = make().start()
    wait(lambda: manager.heard("READY=1"))
    lines = [line for _, line in manager.told]
    assert any(line.startswith("EXTEND_TIMEOUT_USEC=") for line in lines[: lines.index("READY=1")])
    wait(lambda: any(line.startswith("STATUS=leading, ok") for _, line in manager.told))
    fed = manager.heard("WATCHDOG=1")
    wait(lambda: manager.heard("WATCHDOG=1") >= fed + 3)
    # A process that does not turn says nothing: whoever watches ends it.
    os.kill(bed.daemon.process.pid, signal.SIGSTOP)
    time.sleep(0.5)
    stopped_at = manager.heard("WATCHDOG=1")
    time.sleep(2.5)
    assert manager.heard("WATCHDOG=1") == stopped_at
    os.kill(bed.daemon.process.pid, signal.SIGCONT)
    wait(lambda: manager.heard("WATCHDOG=1") > stopped_at)
    bed.stop()
    assert manager.heard("READY=1") == 1 and manager.heard("STOPPING=1") == 1


def test_a_start_that_is_refused_is_never_ready(make, manager):
    bed = make(extra={"facilities": {"topic": "none.of.it", "enabled": True}})
    config = bed.config().replace('"create_topics": "all"', '"create_topics": "none"')
    daemon = start_daemon(BINARIES, bed.folder, config)
    assert daemon.process.wait(60) == 78
    assert not manager.heard("READY=1")


def test_with_kafka_away_it_is_ready_since_it_waits(make, manager):
    bed = make(bootstrap="127.0.0.1:9").start()
    wait(lambda: manager.heard("READY=1"))
    wait(lambda: any(line.startswith("STATUS=") and "Kafka" in line for _, line in manager.told))
    bed.stop()


def test_the_journal_gets_levels_and_no_second_time(make, tmp_path):
    """journald's stdout socket, as the service manager connects it."""
    folder = tmp_path / "systemd" / "journal"
    folder.mkdir(parents=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(folder / "stdout"))
    server.listen(1)
    ours = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.connect(str(folder / "stdout"))
    theirs, _ = server.accept()
    command = [BINARIES / "openelectricity-stream", "run", "--config", make().write_config()]
    daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=ours)
    ours.close()
    got = b""
    theirs.settimeout(60)
    while b"leading: reading and publishing" not in got:
        got += theirs.recv(65536)
    daemon.terminate()
    assert daemon.wait(60) == 0
    lines = got.decode().splitlines()
    assert any(line.startswith("<6>starting version=") for line in lines), lines
    assert all(line[:1] == "<" and line[2:3] == ">" and line[1] in "34567" for line in lines if line), lines
    for end in (theirs, server):
        end.close()
