"""A script on a real Kafka: the conductor of its steps, and what it orders of network, broker and processes."""

import os
import pathlib
import select
import signal
import subprocess
import time

from confluent_kafka.admin import AdminClient, NewPartitions

BUILD = pathlib.Path(os.environ.get("OES_BUILD_DIR") or pathlib.Path(__file__).resolve().parents[3] / "build" / "release")
ACTOR = BUILD / "tests" / "simulation" / "openelectricity-conformance-actor"
KEYS = {"produce": 0, "offset_commit": 8, "heartbeat": 12, "init": 22, "add_partitions": 24, "end_txn": 26}
ORDERS = {"lose": "drop", "lose-answer": "lose_answer", "hold": "hold"}
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
        self.held = []

    def play(self, script: str) -> list:
        """Each step, and behind it, with two spaces in front, what it told."""
        out = []
        try:
            for line in script.splitlines():
                if not line or line.startswith("#"):
                    continue
                out.append(line)
                out += [f"  {fact}" for fact in self._take(line)]
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
        order = self.bed.proxy.order("rule", ORDERS[what], match=f"{self.prefix}{actor}.", key=KEYS[key], times=times)
        if what == "hold":
            self.held.append(order)

    def _order_kafka(self, what: str, topic: str = "", count: str = ""):
        if what == "stop":
            self.bed.node.kill()
        elif what == "start":
            self.bed.node.start()
            self.bed.cluster.wait_ready()
        elif what == "delete":
            for future in self._admin().delete_topics([self.prefix + topic]).values():
                future.result(30)
        elif what == "partitions":
            for future in self._admin().create_partitions([NewPartitions(self.prefix + topic, int(count))]).values():
                future.result(30)
        else:
            raise ValueError(what)

    def _admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.bed.direct, "log_level": 0})
