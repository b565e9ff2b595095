"""Secrets for Kafka that rotate under a daemon that runs: by `reload`, without a restart, without a record lost or doubled."""

import subprocess

import pytest
from confluent_kafka.admin import AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion
from kafka import Cluster
from progress_bed import Bed, calm_world, nothing_lost, repeats

USER = "daemon"
STORE = "no-secret-at-all"
SASL = {
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "advertised.listeners": "PLAINTEXT://127.0.0.1:{node.port},PROXIED://127.0.0.1:{node.proxy_target}",
    "sasl.enabled.mechanisms": "SCRAM-SHA-256",
    "listener.name.proxied.scram-sha-256.sasl.jaas.config":
        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with calm_world(tmp_path_factory.mktemp("rotation")) as one:
        yield one


class SecureBed(Bed):
    """Its daemon comes by the broker's second port, with these properties; the tests' own clients by the first."""

    guarded, properties = "", None

    def sections(self) -> dict:
        return super().sections() | {"kafka": {"session_timeout": "1s", "bootstrap_servers": self.guarded,
                                               "properties": self.properties}}


@pytest.fixture
def make(tmp_path, world):
    beds = []

    def made(cluster, properties: dict) -> SecureBed:
        bed = SecureBed(tmp_path, cluster.bootstrap, world["api"], world["clock"], {"nem": "metrics: [power]"},
                        start="2026-03-10T06:00:00")
        bed.guarded = f"127.0.0.1:{cluster.nodes[0].proxy_target}"
        bed.properties = properties
        beds.append(bed)
        return bed

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def password(admin, text: str):
    wanted = UserScramCredentialUpsertion(USER, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), text.encode())
    for future in admin.alter_user_scram_credentials([wanted]).values():
        future.result(30)


def test_a_password_of_Kafka_rotates_and_the_daemon_logs_in_with_the_new_one(make, world, tmp_path):
    secret = tmp_path / "password"
    with Cluster(extra=SASL) as cluster:
        admin = AdminClient({"bootstrap.servers": cluster.bootstrap, "log_level": 0})
        password(admin, "first-password")
        secret.write_text("first-password\n", encoding="utf-8")
        bed = make(cluster, {"security.protocol": "sasl_plaintext", "sasl.mechanisms": "SCRAM-SHA-256", "sasl.username": USER,
                             "sasl.password_file": str(secret)})
        bed.leads()
        process = bed.daemon.process.pid
        password(admin, "second-password")
        secret.write_text("second-password\n", encoding="utf-8")
        assert "reloaded: kafka.properties.sasl.password" in bed.call("reload")
        generation = bed.progress()["generation"]
        bed.moves("nem")
        assert bed.progress()["generation"] == generation  # the connections stayed
        # What does not get in is not taken over.
        secret.write_text("a-wrong-password\n", encoding="utf-8")
        assert "not reloaded" in bed.call("reload", code=75)
        secret.write_text("second-password\n", encoding="utf-8")
        # Every connection is made anew, and logs in.
        cluster.nodes[0].stop()
        cluster.nodes[0].start()
        cluster.wait_ready()
        bed.moves("nem")
        assert bed.daemon.process.pid == process
        log = bed.daemon.log.read_text(encoding="utf-8")
        assert "second-password" not in log and "first-password" not in log
        bed.stop()
        assert not repeats(bed.records())
        nothing_lost(bed, world["served"])


class Authority:
    """Certificates of our own, made by openssl."""

    def __init__(self, folder):
        self.folder = folder
        self.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test")

    def run(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, done.stderr

    def issue(self, name: str, common: str):
        """<name>.key and <name>.pem; for 127.0.0.1."""
        (self.folder / "san").write_text("subjectAltName=IP:127.0.0.1\n", encoding="ascii")
        self.run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={common}")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                 "-extfile", "san", "-out", f"{name}.pem")


def test_certificates_rotate_by_new_clients_and_no_record_is_lost_or_doubled(make, world, tmp_path):
    authority = Authority(tmp_path)
    for name, common in (("broker", "broker"), ("client", "first"), ("next", "second")):
        authority.issue(name, common)
    authority.run("pkcs12", "-export", "-in", "broker.pem", "-inkey", "broker.key", "-certfile", "ca.pem", "-passout", f"pass:{STORE}",
                  "-out", "broker.p12")
    tls = {
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:SSL,CONTROLLER:PLAINTEXT",
        "advertised.listeners": "PLAINTEXT://127.0.0.1:{node.port},PROXIED://127.0.0.1:{node.proxy_target}",
        "ssl.keystore.type": "PKCS12", "ssl.keystore.location": tmp_path / "broker.p12", "ssl.keystore.password": STORE,
        "ssl.key.password": STORE, "ssl.truststore.type": "PEM", "ssl.truststore.location": tmp_path / "ca.pem",
        "ssl.client.auth": "required",
    }
    with Cluster(extra=tls) as cluster:
        bed = make(cluster, {"security.protocol": "ssl", "ssl.ca.location": f"{tmp_path}/ca.pem",
                             "ssl.certificate.location": f"{tmp_path}/client.pem", "ssl.key.location": f"{tmp_path}/client.key"})
        bed.leads()
        process = bed.daemon.process.pid
        generation = bed.progress()["generation"]
        for kind in ("key", "pem"):
            (tmp_path / f"next.{kind}").rename(tmp_path / f"client.{kind}")
        said = bed.call("reload")
        assert "ssl.certificate.location (content)" in said, said
        bed.daemon.wait_until(lambda: bed.progress()["generation"] > generation, 60)  # a new term, by new clients
        bed.moves("nem")
        assert bed.daemon.process.pid == process
        # A file that is none is refused, and what ran goes on.
        (tmp_path / "client.pem").write_text("no certificate\n", encoding="ascii")
        assert "ssl.certificate.location" in bed.call("reload", code=78)
        bed.moves("nem")
        bed.stop()
        assert not repeats(bed.records())
        nothing_lost(bed, world["served"])
