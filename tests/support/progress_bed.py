"""A deployment on a real Kafka and the simulator, with the `progress` commands run by the real binary."""

import collections
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import pty
import re
import subprocess
import time
import uuid

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource
from daemon_config import config
from http_status import status
from kafka import free_port
from kafka_io import read_all
from oracle_check import check, served_points
from parts import BINARIES, Clock, start_daemon, start_simulator
from progress_months import read_progress

KEY = "progress-test-key-0123456789"


def open_terminal():
    """A pseudo terminal; a chroot without /dev/pts has none."""
    try:
        return pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo terminal here: {error}")


@contextlib.contextmanager
def calm_world(folder: pathlib.Path):
    """An API in which every point has one value for ever, and a new interval comes every second; it writes down what it has
    served."""
    clock = Clock("2026-03-10T02:00:00Z", 300)
    simulator, api = start_simulator(BINARIES, folder, clock, KEY, "--calm", "--rate-limit", "off", "--served-log",
                                     str(folder / "served"))
    try:
        yield {"api": api, "clock": clock, "served": folder / "served"}
    finally:
        simulator.stop()


class Bed:
    """One deployment. Its topics are named after the bed, so that another bed may share them."""

    def __init__(self, folder: pathlib.Path, bootstrap: str, api: str, clock, streams: dict, start: str = "-6h", name=None,
                 topics=None, extra: dict = None):
        self.folder = folder / uuid.uuid4().hex[:6]
        self.path = self.folder / "progress"
        self.path.mkdir(parents=True)
        self.name = name or f"bed-{uuid.uuid4().hex[:8]}"
        self.topics = topics or self.name
        self.bootstrap = bootstrap
        self.api = api
        self.clock = clock
        self.start_at = start
        self.streams = streams
        self.extra = extra or {}  # sections of the configuration
        self.port = free_port()
        self.daemon = None

    def config(self) -> str:
        return config(self.name, self.folder, base_url=self.api, bootstrap=self.bootstrap, port=self.port, clock=self.clock,
                      streams=self.streams, **{**self.sections(), **self.extra})

    def sections(self) -> dict:
        """Of the configuration: beds of a kind say theirs."""
        return {"api": {"api_key": KEY}, "budget": {"requests_per_second": 1000}, "kafka": {"session_timeout": "1s"},
                "defaults": {"start": self.start_at, "primary_grouping": "network_region", "topic": self.topics + ".{stream}"}}

    def start(self, until=None) -> "Bed":
        """Runs the daemon; `until`: stream → naive time that its position must have reached."""
        self.daemon = start_daemon(BINARIES, self.folder, self.config())
        if until:
            self.daemon.wait_until(lambda: self.reached(until), 60)
        return self

    def reached(self, until: dict) -> bool:
        said = self.progress()
        return said is not None and all(
            member["position"] >= until[stream] for stream, metrics in said["streams"].items() if stream in until
            for member in metrics.values()) and set(until) <= set(said["streams"])

    def go_on(self) -> "Bed":
        """Runs the daemon until every stream is farther than it stands now."""
        stood = {stream: max(member["position"] for member in metrics.values())
                 for stream, metrics in self.progress()["streams"].items() if stream in self.streams}
        self.start()
        return self.wait_beyond(stood)

    def wait_beyond(self, stood: dict) -> "Bed":
        self.daemon.wait_until(lambda: all(member["position"] > stood[stream] for stream in stood for member in
                                           self.progress()["streams"].get(stream, {}).values()), 60)
        return self

    def leads(self) -> "Bed":
        """Runs the daemon until it leads."""
        self.start().daemon.wait_until(lambda: self.told().get("role") == "leading" and self.progress(), 60)
        return self

    def position(self, stream: str, metric: str = "power") -> str:
        """As progress.json has it; empty before there is one."""
        said = self.progress() or {"streams": {}}
        return said["streams"].get(stream, {}).get(metric, {"position": ""})["position"]

    def moves(self, *streams: str):
        """Waits until each stream is farther than it stands now."""
        stood = {one: self.position(one) for one in streams}
        self.daemon.wait_until(lambda: all(self.position(one) > stood[one] for one in streams), 90)

    def now(self) -> str:
        """The simulated time on NEM's clock."""
        shown = datetime.datetime.fromisoformat(self.clock.shown)
        passed = (time.time_ns() // 1000 - self.clock.real_anchor) * self.clock.speed
        nem = datetime.timezone(datetime.timedelta(hours=10))
        return (shown + datetime.timedelta(microseconds=passed)).astimezone(nem).isoformat(timespec="seconds")

    def stop(self):
        if self.daemon:
            assert self.daemon.stop() == 0, self.daemon.log_tail(40)
            self.daemon = None

    def refused(self) -> str:
        """Starts a daemon that must refuse to begin: its one line."""
        daemon = start_daemon(BINARIES, self.folder, self.config())
        before = daemon.log.stat().st_size if daemon.log.exists() else 0
        code = daemon.process.wait(150)  # a broker might lag behind, thrice for half a minute
        errors = [line for line in daemon.log.read_text(encoding="utf-8")[before:].splitlines() if " error " in line]
        assert code == 78, daemon.log_tail(20)
        assert len(errors) == 1, errors
        return errors[0]

    def log(self) -> str:
        return (self.folder / "openelectricity-stream.log").read_text(encoding="utf-8")

    def warnings(self) -> list:
        """Lines that warn, but for those of a stream that is late: on a clock this fast they tell how busy the machine is."""
        return [line for line in self.log().splitlines() if (" warn " in line or " error " in line) and " is unusual" not in line]

    def told_again(self, before: int = 0) -> dict:
        """What warnings() said more than once since its first `before` lines, whatever stream or time it names: {message: times}.
        How many different troubles there are depends on the machine; that each is told once does not."""
        said = collections.Counter(re.sub(r'( \w+=("[^"]*"|\S+)|; since \S+)', "", line.split(maxsplit=1)[1]) for line in self.warnings()[before:])
        return {message: times for message, times in said.items() if times > 1}

    def write_config(self, text: str = None) -> pathlib.Path:
        file = self.folder / "openelectricity-stream.yaml"
        file.write_text(text or self.config(), encoding="utf-8")
        file.chmod(0o600)
        return file

    def run(self, *arguments, code: int = 0, typed: str = None) -> str:
        """`progress …`; what it said on both streams. `typed`: on a terminal, this was answered."""
        self.write_config()
        return self.call("progress", *arguments, code=code, typed=typed)

    def call(self, *arguments, code: int = 0, typed: str = None) -> str:
        """Any command with the configuration file as it stands; what it said on both streams."""
        keyboard, terminal = open_terminal() if typed else (None, subprocess.DEVNULL)
        if typed:
            os.write(keyboard, typed.encode())
        file = self.folder / "openelectricity-stream.yaml"
        done = subprocess.run([BINARIES / "openelectricity-stream", *arguments, "--config", file], text=True,
                              stdin=terminal, capture_output=True, timeout=90, check=False)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def progress(self) -> dict:
        try:
            return read_progress(self.path / "progress.json")
        except FileNotFoundError:
            return None

    def member(self, stream: str, metric: str = "power") -> dict:
        return self.progress()["streams"][stream][metric]

    def write_progress(self, change):
        """A hand edit that knows how the hash is made."""
        said = json.loads((self.path / "progress.json").read_text(encoding="utf-8"))
        del said["sha256"]
        change(said)
        body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        said["sha256"] = hashlib.sha256(body.encode()).hexdigest()
        (self.path / "progress.json").write_text(json.dumps(said), encoding="utf-8")

    @property
    def progress_topic(self) -> str:
        return f"openelectricity.progress.{self.name}"

    def raw_progress(self) -> list:
        """(key, value) of the progress topic, tombstones included."""
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": uuid.uuid4().hex,
                             "isolation.level": "read_committed"})
        place = TopicPartition(self.progress_topic, 0, 0)
        found = []
        try:
            end = consumer.get_watermark_offsets(place, timeout=15)[1]
            consumer.assign([place])
            deadline = time.monotonic() + 30
            while consumer.position([place])[0].offset < end:
                if time.monotonic() > deadline:
                    raise TimeoutError(self.progress_topic)
                message = consumer.poll(0.2)
                if message is not None and not message.error():
                    found.append((message.key(), message.value()))
            return found
        finally:
            consumer.close()

    def reasons(self) -> list:
        return [json.loads(value) for key, value in self.raw_progress() if key.startswith(b"reason|")]

    def told(self) -> dict:
        """What it says of itself; nothing while it does not answer."""
        return self.status()

    def status(self) -> dict:
        """What the running daemon says of itself."""
        return status(self.port)

    def topic_setting(self, topic: str, name: str) -> str:
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
        return admin.describe_configs([resource])[resource].result(15)[name].value

    def delete_topics(self, *names):
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        for future in admin.delete_topics(list(names), operation_timeout=15).values():
            future.result(15)

    def records(self, *streams) -> list:
        """Committed records of the streams' topics, as dicts with their key, in the order of their versions."""
        found = read_all(self.bootstrap, [f"{self.topics}.{stream}" for stream in streams or self.streams], 30)
        records = [{"key": key, "text": text, "topic": topic, **json.loads(text)} for topic, key, text in found]
        return sorted(records, key=lambda record: record["version"])


def repeats(records: list) -> list:
    """Keys and revisions that are there more than once."""
    seen = set()
    return [pair for record in records if (pair := (record["key"], record["revision"])) in seen or seen.add(pair)]


def nothing_lost(bed, served_log):
    """Nothing missing, no digit wrong; of points published again the last publication counts."""
    newest = {}
    for record in bed.records():
        newest[record["key"]] = (newest.get(record["key"], []) if record["revision"] else []) + [record]
    report = check([(r["topic"], r["key"], r["text"]) for records in newest.values() for r in records],
                   served_points(served_log), bed.progress())
    # Not `stale`: a change may end that revisions are followed, and says so.
    for fault in ("lost", "repeated", "wrong", "unserved", "bad_version"):
        assert not report[fault], (fault, report[fault][:5])
    assert report["expected"] > 50
