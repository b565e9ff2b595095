"""One broker with a port for each documented way of logging in, over TLS, and the files that a client needs for them."""

import base64
import json
import pathlib
import subprocess

from confluent_kafka.admin import AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion
from kafka import Cluster, free_port

USER = "openelectricity-stream"
PASSWORD = "right-password-of-kafka"
KEY_PASSWORD = "password-of-the-key"
_OAUTH = "org.apache.kafka.common.security.oauthbearer"


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class SecuredKafka:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.tls, self.mutual, self.login = (free_port() for _ in range(3))
        self._make_files()
        at = "127.0.0.1"
        listeners = f"PLAINTEXT://{at}:{{node.port}},TLS://{at}:{self.tls},MUTUAL://{at}:{self.mutual},LOGIN://{at}:{self.login}"
        broker_pem, ca = self.folder / "broker.pem", self.folder / "kafka-ca.pem"
        self.cluster = Cluster(extra={
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,TLS:SSL,MUTUAL:SSL,LOGIN:SASL_SSL,CONTROLLER:PLAINTEXT",
            "listeners": listeners + f",CONTROLLER://{at}:{{node.controller}}",
            "advertised.listeners": listeners,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": broker_pem,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": ca,
            "listener.name.mutual.ssl.client.auth": "required",
            "listener.name.login.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
            "listener.name.login.plain.sasl.jaas.config":
                f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
            "listener.name.login.scram-sha-512.sasl.jaas.config":
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "listener.name.login.oauthbearer.sasl.jaas.config":
                f'{_OAUTH}.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
            "listener.name.login.oauthbearer.sasl.server.callback.handler.class":
                f"{_OAUTH}.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler",
            # A token that has run out ends the connection: only one that is refreshed keeps it.
            "listener.name.login.oauthbearer.connections.max.reauth.ms": 60000,
        })

    def _make_files(self):
        at = self.folder
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        _openssl("req", "-x509", *curve, "-nodes", "-days", "2", "-subj", "/CN=kafka-authority", "-keyout", at / "ca.key",
                 "-out", at / "kafka-ca.pem")
        for name, subject, more in (("broker", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1\n"), ("kafka-client", f"/CN={USER}", "")):
            (at / "extension").write_text(more + "basicConstraints=CA:FALSE\n", encoding="ascii")
            protection = ("-nodes",) if name == "broker" else ("-passout", f"pass:{KEY_PASSWORD}")
            _openssl("req", *curve, *protection, "-subj", subject, "-keyout", at / f"{name}.key", "-out", at / "request")
            _openssl("x509", "-req", "-in", at / "request", "-CA", at / "kafka-ca.pem", "-CAkey", at / "ca.key", "-CAcreateserial",
                     "-days", "2", "-out", at / f"{name}.pem", "-extfile", at / "extension")
        with (at / "broker.pem").open("a", encoding="ascii") as pem:
            pem.write((at / "broker.key").read_text(encoding="ascii"))
        (at / "kafka-password").write_text(PASSWORD, encoding="ascii")
        (at / "kafka-client.password").write_text(KEY_PASSWORD, encoding="ascii")
        # Prints an unsecured token that holds for twenty seconds, and notes that it was asked.
        token = at / "kafka-token"
        token.write_text(f"""#!/bin/sh
set -e
echo asked >> {at}/asked
now=$(date +%s)
word() {{ printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d '='; }}
printf '%s.%s.\\n' "$(word '{{"alg":"none"}}')" "$(word "{{\\"sub\\":\\"{USER}\\",\\"iat\\":$now,\\"exp\\":$((now + 20))}}")"
""", encoding="ascii")
        token.chmod(0o755)

    def __enter__(self):
        self.cluster.__enter__()
        admin = AdminClient({"bootstrap.servers": self.cluster.bootstrap})
        credential = UserScramCredentialUpsertion(USER, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD.encode())
        for future in admin.alter_user_scram_credentials([credential]).values():
            future.result(30)
        return self

    def __exit__(self, *failed):
        self.cluster.__exit__(*failed)

    def times_asked(self) -> int:
        file = self.folder / "asked"
        return len(file.read_text(encoding="ascii").splitlines()) if file.exists() else 0


def claims(token: str) -> dict:
    """What an unsecured token says, for tests of the helper itself."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
