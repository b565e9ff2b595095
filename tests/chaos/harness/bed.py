"""What a round stands on: three brokers, the proxy in front of them, and where the executables are."""

import os
import pathlib
import subprocess
import tempfile
import threading
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions

from . import ROOT
import rights
from kafka import Cluster, free_port
from registry import Registry

BUILD = pathlib.Path(os.environ.get("OES_BUILD_DIR") or ROOT / "build" / "release")
DAEMON = BUILD / "tests" / "chaos" / "openelectricity-stream-chaos"
PROXY = BUILD / "tests" / "chaos" / "openelectricity-chaos-proxy"

# Nothing is compacted, so that the progress topic keeps every transaction, but where a topic says otherwise: that one all
# the time. An abandoned transaction is ended soon.
BROKER = {
    "log.cleaner.backoff.ms": "200",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "log.cleaner.min.compaction.lag.ms": "1000000000",
    "group.min.session.timeout.ms": "500",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "num.replica.fetchers": "2",
    "log.segment.bytes": "134217728",
    "broker.session.timeout.ms": "2000",
    **rights.BROKER,
}


class Proxy:
    """The proxy's process and its orders (tests/chaos/proxy/orders.hpp)."""

    def __init__(self, pairs: list):
        command = [str(PROXY), ",".join(f"{listen}:{target}" for listen, target in pairs)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
                                        start_new_session=True)
        self.events = []
        self._changed = threading.Condition()
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait_for("ready", 10)

    def _listen(self):
        for line in self.process.stdout:
            with self._changed:
                if not line.startswith("ok "):
                    self.events.append(line.strip())
                self._changed.notify_all()

    def order(self, verb: str, kind: str = "", **options) -> str:
        """Returns the order's id."""
        with self._changed:
            given = options.pop("id", None)
            self._number += 1
            name = given or f"o{self._number}"
            words = [verb, name, kind, *(f"{key.rstrip('_')}={value}" for key, value in options.items())]
            self.process.stdin.write(" ".join(word for word in words if word) + "\n")
            self.process.stdin.flush()
        return name

    def count(self, event: str) -> int:
        with self._changed:
            return self.events.count(event)

    def wait_for(self, event: str, seconds: float, times: int = 1) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.events.count(event) >= times, seconds)

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Bed:
    def __init__(self, nodes: int = 3, folder: pathlib.Path = None):
        self.cluster = Cluster(nodes, folder=folder, extra=BROKER, between=self._between)
        self.proxy = None
        self._controllers = None  # a proxy between each broker and the controllers of the others
        self._ways = []           # (from, to), in the order of that proxy's links
        self._folder = folder
        self._registry = None

    def __enter__(self) -> "Bed":
        self.cluster.__enter__()
        try:
            rights.Rights(self.direct).give_all()
            self.proxy = Proxy([(node.proxy_listen, node.proxy_target) for node in self.cluster.nodes])
        except BaseException:
            self.cluster.stop()
            raise
        return self

    def _between(self, nodes: list):
        if self._controllers:  # laid out once more
            self._controllers.stop()
        self._ways = [(one, other) for one in nodes for other in nodes if one is not other]
        if not self._ways:
            return
        for one, other in self._ways:
            one.ways[other.number] = free_port()
        self._controllers = Proxy([(one.ways[other.number], other.controller) for one, other in self._ways])

    def cut_off(self, node, milliseconds: int):
        """The broker reaches no controller but its own for so long; clients and other brokers reach it."""
        for number, (one, _) in enumerate(self._ways, 1):
            if one is node:
                self._controllers.order("link", "refuse", match="*", node=number, for_=milliseconds)
                self._controllers.order("link", "silent", match="*", node=number, for_=milliseconds)

    def registry(self) -> Registry:
        """Of schemas, for all rounds; started when it is first asked for. On a thread that outlives it."""
        if not self._registry:
            self._registry = Registry(pathlib.Path(tempfile.mkdtemp(prefix="registry-", dir=self._folder))).start()
        return self._registry

    def __exit__(self, *_):
        if self._registry:
            self._registry.stop()
        for proxy in filter(None, (self.proxy, self._controllers)):
            proxy.stop()
        self.cluster.stop()

    @property
    def direct(self) -> str:
        """For checkers."""
        return self.cluster.bootstrap

    @property
    def proxied(self) -> str:
        """For daemons."""
        return ",".join(f"127.0.0.1:{node.proxy_listen}" for node in self.cluster.nodes)

    def admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.direct, "log_level": 0})

    def wait_healthy(self, seconds: float = 60):
        """Every broker runs and every partition has all of its replicas in sync."""
        deadline = time.monotonic() + seconds
        admin = self.admin()
        while time.monotonic() < deadline:
            try:
                known = admin.list_topics(timeout=5)
            except KafkaException:  # the brokers are still coming up; the deadline above bounds this
                time.sleep(0.3)
                continue
            behind = [1 for topic in known.topics.values() for partition in topic.partitions.values()
                      if len(partition.isrs) < len(partition.replicas) or partition.leader < 0]
            if len(known.brokers) == len(self.cluster.nodes) and not behind:
                return
            time.sleep(0.3)
        raise TimeoutError("the brokers are not in sync again")

    def compact(self, topic: str):
        """The cleaner goes over it again and again, up to the segment that is written to."""
        # A segment holds the largest batch that a broker takes: what rolls them is their time.
        self.set_topic(topic, {"segment.ms": "1000", "segment.bytes": "2097152", "min.cleanable.dirty.ratio": "0.01",
                               "min.compaction.lag.ms": "0", "delete.retention.ms": "1000"})

    def add_partition(self, topic: str, most: int = 6) -> bool:
        """false: it has enough of them, or the brokers did not do it now."""
        admin = self.admin()
        try:
            count = len(admin.list_topics(topic, timeout=10).topics[topic].partitions)
            if count == 0 or count >= most:
                return False
            admin.create_partitions([NewPartitions(topic, count + 1)])[topic].result(10)
            return True
        except KafkaException:  # a broker is away: another time
            return False

    def take_right(self, kind, name: str) -> bool:
        """Daemons may do nothing with it any more; false: the brokers did not do it now."""
        return self._tried(lambda rules: rules.deny(name, kind=kind))

    def give_right(self, kind, name: str) -> bool:
        return self._tried(lambda rules: rules.allow(name, kind=kind))

    def _tried(self, change) -> bool:
        try:
            change(rights.Rights(self.direct))
            return True
        except KafkaException:  # a broker is away: another time
            return False

    def delete_topic(self, name: str):
        admin = self.admin()
        for done in admin.delete_topics([name], operation_timeout=30).values():
            done.result(30)

    def set_topic(self, topic: str, wanted: dict):
        entries = [ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in wanted.items()]
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=entries)
        admin = self.admin()  # must outlive what it is asked
        for done in admin.incremental_alter_configs([resource]).values():
            done.result(30)

    def delete_topics(self, prefix: str):
        admin = self.admin()
        names = [name for name in admin.list_topics(timeout=15).topics if prefix in name and not name.startswith("__")]
        if names:
            for done in admin.delete_topics(names, operation_timeout=30).values():
                try:
                    done.result(30)
                except KafkaException:  # housekeeping only
                    pass
