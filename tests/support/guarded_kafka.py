"""One broker with users and rights (rights.py)."""

from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic
from kafka import Cluster
from rights import BROKER, Rights

# The second port is asked directly: no proxy stands in front of it.
SETTINGS = {**BROKER, "advertised.listeners": "PLAINTEXT://127.0.0.1:{node.port},PROXIED://127.0.0.1:{node.proxy_target}"}


class GuardedKafka:
    def __init__(self):
        self.cluster = Cluster(extra=SETTINGS)

    def __enter__(self):
        self.cluster.__enter__()
        self.bootstrap = self.cluster.bootstrap
        self.guarded = f"127.0.0.1:{self.cluster.nodes[0].proxy_target}"
        self.admin = AdminClient({"bootstrap.servers": self.bootstrap})
        self.rights = Rights(self.bootstrap)
        self.rights.give_all()
        return self

    def __exit__(self, *failed):
        self.cluster.__exit__(*failed)

    def set(self, topic: str, name: str, value: str):
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
        for future in self.admin.incremental_alter_configs([resource]).values():
            future.result(30)

    def make(self, topic: str):
        for future in self.admin.create_topics([NewTopic(topic, 3, 1)]).values():
            future.result(30)
