"""A script on a real Kafka: the conductor of its steps, and what it orders of network, broker and processes."""

import os
import pathlib
import select
import shutil
import signal
import subprocess
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AclOperation, AdminClient, NewPartitions, ResourceType

BUILD = pathlib.Path(os.environ.get("OES_BUILD_DIR") or pathlib.Path(__file__).resolve().parents[3] / "build" / "release")
ACTOR = BUILD / "tests" / "simulation" / "openelectricity-conformance-actor"
KEYS = {"produce": 0, "offset_commit": 8, "heartbeat": 12, "init": 22, "add_partitions": 24, "end_txn": 26}
ORDERS = {"lose": "drop", "lose-answer": "lose_answer", "hold": "hold"}
OPERATIONS = {"Write": AclOperation.WRITE, "Read": AclOperation.READ, "Describe": AclOperation.DESCRIBE,
              "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS, "Create": AclOperation.CREATE}
KINDS = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "transaction": ResourceType.TRANSACTIONAL_ID}
LONGEST_STEP = 120


def span(text: str) -> float:
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text[:-1])


class Actor:
    """One process (actor_main.cpp)."""

    def __init__(self, name: str, bootstrap: str, prefix: str, properties: dict, command: list):
        given = [f"{key}={value}" for key, value in properties.items()]
        self.process = subprocess.Popen([*command, name, bootstrap, prefix, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        bufsize=0, start_new_session=True)

    def perform(self, what: str) -> list:
        self.process.stdin.write(what.encode() + b"\n")
        told = b""
        until = time.monotonic() + LONGEST_STEP
        while not (told == b".\n" or told.endswith(b"\n.\n")):
            if not select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))[0]:
                return [*told.decode().splitlines(), "never came back"]
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                return [*told.decode().splitlines(), "ended"]
            told += more
        return told.decode().splitlines()[:-1]

    def end(self):
        self.process.kill()
        self.process.wait()


class RealStage:
    def __init__(self, bed, prefix: str, command: list = None):
        """`bed`: a Kafka and the proxy before it (real_kafka.py)."""
        self.bed = bed
        self.prefix = prefix
        self.command = command or [str(ACTOR)]
        self.actors = {}
        self.orders = []
        self.held = []

    def play(self, script: str) -> list:
        """Each step, and behind it, with two spaces in front, what it told."""
        out = []
        try:
            for line in script.splitlines():
                if not line or line.startswith("#"):
                    continue
                out.append(line)
                try:
                    out += [f"  {fact}" for fact in self._take(line)]
                except (KafkaException, OSError, ValueError) as failed:
                    out.append(f"  not done: {failed}")
        finally:
            for actor in self.actors.values():
                actor.end()
        return out

    def _take(self, line: str) -> list:
        name, colon, what = line.partition(": ")
        if colon:
            return self._actor(name).perform(what)
        verb, *words = line.split()
        if verb == "pause":
            time.sleep(span(words[0]))
        elif verb == "network":
            self._order_network(*words)
        elif verb == "rights":
            self._order_rights(*words)
        elif verb == "kafka":
            self._order_kafka(*words)
        else:
            number = {"freeze": signal.SIGSTOP, "thaw": signal.SIGCONT, "kill": signal.SIGKILL}[verb]
            os.kill(self._actor(words[0]).process.pid, number)
        return []

    def _actor(self, name: str) -> Actor:
        if name not in self.actors:
            self.actors[name] = Actor(name, self.bed.proxied, self.prefix, self.bed.properties, self.command)
        return self.actors[name]

    def _order_network(self, what: str, actor: str = "", key: str = "", times: str = "1"):
        if what == "release":
            for order in self.held:
                self.bed.proxy.order("release", id=order)
            time.sleep(0.3)
            return
        if what == "clear":
            for order in self.orders:
                self.bed.proxy.order("clear", id=order)
            return
        order = self.bed.proxy.order("rule", ORDERS[what], match=f"{self.prefix}{actor}.", key=KEYS[key], times=times)
        self.orders.append(order)
        if what == "hold":
            self.held.append(order)

    def _order_rights(self, what: str, operation: str, kind: str, name: str):
        if kind == "transaction":
            name = f"openelectricity.{self.prefix}{name}"
        else:
            name = self.prefix + name
        change = self.bed.rights.deny if what == "deny" else self.bed.rights.allow
        change(name, OPERATIONS[operation], KINDS[kind])

    def _order_kafka(self, what: str, topic: str = "", count: str = ""):
        if what == "stop":
            self.bed.node.kill()
        elif what == "start":
            self.bed.node.start()
            self.bed.cluster.wait_ready()
        elif what in ("save", "restore"):
            self._roll(what, topic)
        elif what == "delete":
            self._ask(lambda admin: admin.delete_topics([self.prefix + topic]))
        elif what == "partitions":
            self._ask(lambda admin: admin.create_partitions([NewPartitions(self.prefix + topic, int(count))]))
        else:
            raise ValueError(what)

    def _roll(self, what: str, place: str):
        """A copy of a partition's files is taken, or put back, while the broker does not run."""
        self.bed.cluster.stop_nodes()
        here = self.bed.node.folder / "data" / (self.prefix + place.replace("/", "-"))
        copy = self.bed.node.folder / ("saved-" + here.name)
        if what == "restore":
            shutil.rmtree(here)
        shutil.copytree(*((here, copy) if what == "save" else (copy, here)))
        self.bed.node.start()
        self.bed.cluster.wait_ready()

    def _ask(self, what):
        admin = AdminClient({"bootstrap.servers": self.bed.direct, "log_level": 0})
        for future in what(admin).values():
            future.result(30)
