#!/usr/bin/env python3
"""A real Kafka (KRaft) on 127.0.0.1 for the demo and the tests.

  kafka.py fetch [--version V]            jars into the cache, through Maven; prints their folder
  kafka.py run [--version V] -- COMMAND…  starts a broker, runs the command with its addresses in the environment, stops it
  kafka.py start --dir D [--version V]    starts a broker that stays; prints the same variables as shell assignments
  kafka.py stop --dir D                   stops it and removes its data

The environment of a command:
  OES_TEST_BOOTSTRAP      host:port that clients use
  OES_TEST_PROXY_LISTEN   a port on which a proxy must listen: clients that come through the proxy are told this address
  OES_TEST_PROXY_TARGET   the broker's own port behind that proxy
  OES_TEST_KAFKA_DIR      logs (node-1/broker.log) and data
With --nodes 3 the first is a list of addresses, and the two ports are comma-separated lists, one entry a node.

As a module: `with Cluster(nodes=1) as kafka: …; kafka.nodes[0].kill(); kafka.nodes[0].start(); kafka.wait_ready()`.
Only the standard library of Python 3.11 is used; the cache is $OES_CACHE, else openelectricity-stream under $XDG_CACHE_HOME or ~/.cache.
"""

import argparse
import base64
import ctypes
import fcntl
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid
import zlib

VERSION = "3.9.1"
SLF4J = "1.7.36"
# Brokers live for minutes here, beside what they serve: quickly there, and without a second compiler that takes the cores.
JVM = ("-Xms256m", "-Xmx768m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# Seconds on an idle machine; these are for one whose cores are all compiling.
FORMAT_SECONDS = 180
READY_SECONDS = 180
STOP_SECONDS = 15

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{version}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>{slf4j}</version></dependency>
</dependencies></project>
"""


class KafkaError(Exception):
    """A fault that a person can act on; shown as one line."""


def cache_dir() -> pathlib.Path:
    given = os.environ.get("OES_CACHE")
    if given:
        return pathlib.Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "openelectricity-stream"


def fetch(version: str = VERSION) -> pathlib.Path:
    """The folder with the broker's jars; downloaded once, also when several ask at the same time."""
    lib = cache_dir() / f"kafka-{version}"
    if lib.is_dir():
        return lib
    lib.parent.mkdir(parents=True, exist_ok=True)
    with open(lib.parent / ".lock-kafka", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if lib.is_dir():
            return lib
        if not shutil.which("mvn"):
            raise KafkaError("mvn (Maven) is missing: deploy/install-deps.sh --tests installs it")
        print(f"fetching Kafka {version}", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=lib.parent, prefix=".kafka-") as work:
            pom = pathlib.Path(work) / "pom.xml"
            pom.write_text(POM.format(version=version, slf4j=SLF4J), encoding="utf-8")
            jars = pathlib.Path(work) / "jars"
            maven = ["mvn", "-q", "-B", "-Dstyle.color=never", "-f", str(pom), "dependency:copy-dependencies",
                     "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
            try:
                done = subprocess.run(maven, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=900, check=False)
            except subprocess.TimeoutExpired as slow:
                raise KafkaError(f"Maven did not fetch Kafka {version} within 900 s") from slow
            if done.returncode != 0 or not list(jars.glob(f"kafka_2.13-{version}.jar")):
                raise KafkaError(f"Maven could not fetch Kafka {version} (see above)")
            jars.rename(lib)
    return lib


_given_ports = set()


def free_port() -> int:
    """Below the ephemeral range, so that no outgoing connection takes it before the broker does; never the same twice."""
    while True:
        port = random.randint(20000, 32000)
        if port in _given_ports:
            continue
        _given_ports.add(port)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def brokers_seen(port: int) -> int:
    """How many live brokers the one at this port knows (Metadata v4); 0 while it does not answer."""
    body = struct.pack(">hhih3s", 3, 4, 1, 3, b"oes") + struct.pack(">ib", 0, 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            link.sendall(struct.pack(">i", len(body)) + body)
            answer = b""
            while len(answer) < 16:
                more = link.recv(4096)
                if not more:
                    return 0
                answer += more
            return struct.unpack(">iiii", answer[:16])[3]
    except OSError:
        return 0


def share_classes(lib: pathlib.Path):
    """The broker's classes as the JVM keeps them, left behind by one broker that starts and stops: later ones start with half
    the processor time. Made once for each Java; where it cannot be made, brokers start as ever."""
    try:
        _share_classes(lib)
    except (KafkaError, OSError) as why:
        print(f"kafka.py: brokers start without shared classes: {why}", file=sys.stderr)


def _share_classes(lib: pathlib.Path):
    java = pathlib.Path(shutil.which("java")).resolve()
    made_by = zlib.crc32(f"{java} {java.stat().st_mtime_ns}".encode())
    archive = lib.parent / f"{lib.name}-classes-{made_by:08x}.jsa"
    if archive.exists():
        return
    with open(lib.parent / ".lock-kafka", "w", encoding="utf-8") as lock, tempfile.TemporaryDirectory(prefix="oes-kafka-") as work:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if archive.exists():
            return
        made = pathlib.Path(work) / "classes.jsa"
        broker = Cluster(1, folder=pathlib.Path(work) / "broker")
        broker.lay_out(lib)
        broker.nodes[0].start(lib, options=(f"-XX:ArchiveClassesAtExit={made}",))
        try:
            broker.wait_ready()
        except KafkaError:
            if "Unrecognized VM option" not in broker.nodes[0].log_tail():
                raise
            # A Java before 13: it is not tried again.
        finally:
            broker.stop()
        if not made.exists():
            made.touch()
        shutil.move(made, archive.with_suffix(".new"))
        archive.with_suffix(".new").rename(archive)


def _classes_of(lib: pathlib.Path) -> list:
    shared = [archive for archive in lib.parent.glob(f"{lib.name}-classes-*.jsa") if archive.stat().st_size]
    # One that another Java made is passed over by this one.
    return [f"-XX:SharedArchiveFile={max(shared, key=lambda archive: archive.stat().st_mtime)}", "-Xshare:auto"] if shared else []


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _is_ours(pid: int, marker: str) -> bool:
    try:
        return marker in pathlib.Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


class Node:
    """One broker process: it can be killed with -9 and started again on the same data and ports."""

    def __init__(self, number: int, folder: pathlib.Path):
        self.number = number
        self.folder = folder
        self.port, self.proxy_listen, self.proxy_target, self.controller = (free_port() for _ in range(4))
        self.ways = {}  # another node's number → the port by which this one reaches its controller, where not its own
        self.process = None

    def write_config(self, voters: str, nodes: int, extra: dict):
        copies = min(nodes, 3)
        settings = {
            "process.roles": "broker,controller",
            "node.id": self.number,
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},PROXIED://127.0.0.1:{self.proxy_target},"
                         f"CONTROLLER://127.0.0.1:{self.controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port},PROXIED://127.0.0.1:{self.proxy_listen}",
            "log.dirs": self.folder / "data",
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": copies,
            "offsets.topic.num.partitions": 5,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": 2 if copies > 1 else 1,
            "transaction.state.log.num.partitions": 5,
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 500,
            # A killed broker comes back only when the controller has given its first life up.
            "broker.session.timeout.ms": 2000,
            "broker.heartbeat.interval.ms": 500,
            "log.cleaner.enable": "true",
            "log.cleaner.dedupe.buffer.size": 33554432,
            **extra,
        }
        # A caller's settings may name this node's ports: {node.port}.
        text = "".join(f"{key}={str(value).format(node=self)}\n" for key, value in settings.items())
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "server.properties").write_text(text, encoding="utf-8")

    def java(self, lib: pathlib.Path, options: tuple, main: str, *arguments: str) -> list:
        return ["java", *JVM, *(options or _classes_of(lib)), "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp", f"{lib}/*", main, *arguments]

    def format(self, lib: pathlib.Path, cluster_id: str):
        properties = str(self.folder / "server.properties")
        command = self.java(lib, (), "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", properties)
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=FORMAT_SECONDS, check=False)
        except subprocess.TimeoutExpired as slow:
            raise KafkaError(f"Kafka's storage was not formatted within {FORMAT_SECONDS} s") from slow
        if done.returncode != 0:
            raise KafkaError(f"Kafka's storage could not be formatted: {(done.stderr or done.stdout).strip()[-500:]}")

    def start(self, lib: pathlib.Path = None, stays: bool = False, options: tuple = ()):
        self.lib = lib or self.lib
        with open(self.folder / "broker.log", "ab") as log:
            # A process group of its own, so that Ctrl-C at a terminal reaches us first.
            self.process = subprocess.Popen(
                self.java(self.lib, options, "kafka.Kafka", str(self.folder / "server.properties")),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=None if stays else _die_with_parent)

    def kill(self):
        """kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask_to_stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self):
        self.ask_to_stop()
        if self.process:
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def log_tail(self) -> str:
        lines = (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-15:])


class Cluster:
    """One broker, or three. Its folder is a temporary one and removed at the end, unless given."""

    def __init__(self, nodes: int = 1, version: str = None, folder: pathlib.Path = None, extra: dict = None, between=None):
        """`between`: called with the nodes before their configuration is written, so that it may set their `ways`."""
        self.version = version or os.environ.get("OES_KAFKA_VERSION") or VERSION
        self.own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="oes-kafka-")).absolute()
        self.count = nodes
        self.extra = extra or {}
        self.between = between
        self.nodes = []

    def start(self, stays: bool = False) -> "Cluster":
        if not shutil.which("java"):
            raise KafkaError("java is missing: deploy/install-deps.sh --tests installs it")
        lib = fetch(self.version)
        share_classes(lib)
        # Another process may take a port between our look and the broker's bind: once more, with others.
        for attempt in range(3):
            self.lay_out(lib)
            for node in self.nodes:
                node.start(lib, stays)
            try:
                self.wait_ready()
                return self
            except KafkaError:
                taken = any("Address already in use" in node.log_tail() for node in self.nodes)
                self.stop_nodes()
                if attempt == 2 or not taken:
                    raise
                for node in self.nodes:
                    shutil.rmtree(node.folder, ignore_errors=True)
        raise AssertionError("unreachable")

    def lay_out(self, lib: pathlib.Path):
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if cluster_id.startswith("-"):
            cluster_id = "A" + cluster_id[1:]
        self.nodes = [Node(number, self.folder / f"node-{number}") for number in range(1, self.count + 1)]
        if self.between:
            self.between(self.nodes)
        for node in self.nodes:
            voters = ",".join(f"{other.number}@127.0.0.1:{node.ways.get(other.number, other.controller)}" for other in self.nodes)
            node.write_config(voters, self.count, self.extra)
            node.format(lib, cluster_id)

    def wait_ready(self, seconds: float = READY_SECONDS):
        """Until every running node answers and knows as many live brokers as run."""
        deadline = time.monotonic() + seconds
        running = [node for node in self.nodes if node.process]
        while any(brokers_seen(node.port) < len(running) for node in running):
            for node in running:
                if node.process.poll() is not None:
                    raise KafkaError(f"Kafka {self.version} ended at its start:\n{node.log_tail()}")
            if time.monotonic() > deadline:
                raise KafkaError(f"Kafka {self.version} is not ready after {seconds:.0f} s:\n{running[0].log_tail()}")
            time.sleep(0.1)

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def environment(self) -> dict:
        return {
            "OES_TEST_BOOTSTRAP": self.bootstrap,
            "OES_TEST_PROXY_LISTEN": ",".join(str(node.proxy_listen) for node in self.nodes),
            "OES_TEST_PROXY_TARGET": ",".join(str(node.proxy_target) for node in self.nodes),
            "OES_TEST_KAFKA_DIR": str(self.folder),
        }

    def stop_nodes(self):
        for node in self.nodes:
            node.ask_to_stop()
        for node in self.nodes:
            node.stop()

    def stop(self):
        self.stop_nodes()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Cluster":
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()


def run(command: list, nodes: int, version: str, extra: dict) -> int:
    """The command's exit code. The broker is stopped whatever happens, also on SIGTERM and SIGINT."""
    def stop_asked(number, _frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, stop_asked)
    signal.signal(signal.SIGINT, stop_asked)
    with Cluster(nodes, version, extra=extra) as cluster:
        process = subprocess.Popen(command, env={**os.environ, **cluster.environment()}, preexec_fn=_die_with_parent)
        try:
            code = process.wait()
            return code if code >= 0 else 128 - code
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()


def start(folder: pathlib.Path, nodes: int, version: str, extra: dict):
    state = folder / "kafka.json"
    if state.exists():
        raise KafkaError(f"{folder} already holds a Kafka: stop it first")
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(nodes, version, folder, extra)
    try:
        cluster.start(stays=True)
    except BaseException:
        cluster.stop()
        raise
    state.write_text(json.dumps({"pids": [node.process.pid for node in cluster.nodes]}), encoding="utf-8")
    for name, value in cluster.environment().items():
        print(f"{name}={value}")


def stop(folder: pathlib.Path):
    state = folder.absolute() / "kafka.json"
    if not state.exists():
        return
    pids = json.loads(state.read_text(encoding="utf-8"))["pids"]
    # A pid may long belong to another process: only one that names our folder is ended.
    marker = str(folder.absolute())
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in filter(lambda pid: _is_ours(pid, marker), pids):
            os.kill(pid, number)
        deadline = time.monotonic() + STOP_SECONDS
        while any(_is_ours(pid, marker) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)
    for data in folder.glob("node-*"):
        shutil.rmtree(data, ignore_errors=True)
    state.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def parse(arguments: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("fetch", "run", "start", "stop"):
        command = commands.add_parser(name)
        if name != "stop":
            command.add_argument("--version", default=os.environ.get("OES_KAFKA_VERSION") or VERSION)
        if name in ("run", "start"):
            command.add_argument("--nodes", type=int, choices=(1, 3), default=1)
            command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a broker setting")
        if name in ("start", "stop"):
            command.add_argument("--dir", type=pathlib.Path, required=True)
        if name == "run":
            command.add_argument("rest", nargs="+", metavar="COMMAND")
    return parser.parse_args(arguments)


def main(arguments: list) -> int:
    options = parse(arguments)
    try:
        if options.command == "fetch":
            print(fetch(options.version))
        elif options.command == "stop":
            stop(options.dir)
        else:
            extra = dict(item.split("=", 1) for item in options.set)
            if options.command == "run":
                return run(options.rest, options.nodes, options.version, extra)
            start(options.dir, options.nodes, options.version, extra)
        return 0
    except KafkaError as error:
        print(f"kafka.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
