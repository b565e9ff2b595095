"""Brokers with users and rights: clients of their second port say who they are (SASL PLAIN); those of the first one may do everything
and give and take the others' rights."""

from confluent_kafka.admin import AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

USER, PASSWORD = "daemon", "right-password"
BROKER = {
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "sasl.enabled.mechanisms": "PLAIN",
    "listener.name.proxied.plain.sasl.jaas.config":
        f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
}
# Of a client that may use the second port.
CLIENT = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "PLAIN", "sasl.username": USER, "sasl.password": PASSWORD}


class Rights:
    """Errors of the brokers are thrown: confluent_kafka.KafkaException."""

    def __init__(self, bootstrap: str):
        """`bootstrap`: of the first port."""
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def give_all(self):
        for kind, name in ((ResourceType.TOPIC, "*"), (ResourceType.GROUP, "*"), (ResourceType.TRANSACTIONAL_ID, "*"),
                           (ResourceType.BROKER, "kafka-cluster")):
            self._add(kind, name, AclOperation.ALL, AclPermissionType.ALLOW)

    def give(self, kind, name: str, operation):
        self._add(kind, name, operation, AclPermissionType.ALLOW)

    def take(self, kind, name: str, operation):
        """What give() gave."""
        wanted = self._rule(AclBindingFilter, kind, name, operation, AclPermissionType.ALLOW)
        for future in self._admin.delete_acls([wanted]).values():
            assert future.result(30), f"nobody had given {operation} on {name}"

    def deny(self, name: str, operation=AclOperation.ALL, kind=ResourceType.TOPIC):
        """Takes a right away; allow() gives it back."""
        self._add(kind, name, operation, AclPermissionType.DENY)

    def allow(self, name: str, operation=AclOperation.ALL, kind=ResourceType.TOPIC):
        wanted = self._rule(AclBindingFilter, kind, name, operation, AclPermissionType.DENY)
        for future in self._admin.delete_acls([wanted]).values():
            future.result(30)

    def _add(self, kind, name, operation, permission):
        for future in self._admin.create_acls([self._rule(AclBinding, kind, name, operation, permission)]).values():
            future.result(30)

    @staticmethod
    def _rule(of, kind, name, operation, permission):
        return of(kind, name, ResourcePatternType.LITERAL, f"User:{USER}", "*", operation, permission)
