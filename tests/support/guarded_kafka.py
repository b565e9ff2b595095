"""A broker with users and rights: clients of its second port say who they are (SASL PLAIN); those of the first one may do
everything and give and take the others' rights."""

from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, AlterConfigOpType,
                                   ConfigEntry, ConfigResource, NewTopic, ResourcePatternType, ResourceType)
from kafka import Cluster

USER, PASSWORD = "daemon", "right-password"
SETTINGS = {
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "advertised.listeners": "PLAINTEXT://127.0.0.1:{node.port},PROXIED://127.0.0.1:{node.proxy_target}",
    "sasl.enabled.mechanisms": "PLAIN",
    "listener.name.proxied.plain.sasl.jaas.config":
        f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
}


class GuardedKafka:
    def __init__(self):
        self.cluster = Cluster(extra=SETTINGS)

    def __enter__(self):
        self.cluster.__enter__()
        self.bootstrap = self.cluster.bootstrap
        self.guarded = f"127.0.0.1:{self.cluster.nodes[0].proxy_target}"
        self.admin = AdminClient({"bootstrap.servers": self.bootstrap})
        for kind, name in ((ResourceType.TOPIC, "*"), (ResourceType.GROUP, "*"), (ResourceType.TRANSACTIONAL_ID, "*"),
                           (ResourceType.BROKER, "kafka-cluster")):
            self._change(kind, name, AclOperation.ALL, AclPermissionType.ALLOW)
        return self

    def __exit__(self, *failed):
        self.cluster.__exit__(*failed)

    def _binding(self, kind, name, operation, permission, of=AclBinding):
        return of(kind, name, ResourcePatternType.LITERAL, f"User:{USER}", "*", operation, permission)

    def _change(self, kind, name, operation, permission):
        for future in self.admin.create_acls([self._binding(kind, name, operation, permission)]).values():
            future.result(30)

    def deny(self, name: str, operation, kind=ResourceType.TOPIC):
        """Takes a right away; allow() gives it back."""
        self._change(kind, name, operation, AclPermissionType.DENY)

    def allow(self, name: str, operation, kind=ResourceType.TOPIC):
        wanted = self._binding(kind, name, operation, AclPermissionType.DENY, AclBindingFilter)
        for future in self.admin.delete_acls([wanted]).values():
            future.result(30)

    def set(self, topic: str, name: str, value: str):
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
        for future in self.admin.incremental_alter_configs([resource]).values():
            future.result(30)

    def make(self, topic: str):
        for future in self.admin.create_topics([NewTopic(topic, 3, 1)]).values():
            future.result(30)
