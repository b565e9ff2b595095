"""Whether any secret gets out. One deployment uses every kind of secret there is, with librdkafka's debug on and the log at debug; each
is then turned down once. Afterwards its bytes are looked for in whatever the daemon and its commands have written or said."""

import base64
import http.server
import json
import pathlib
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest
from confluent_kafka import Consumer, KafkaError, TopicPartition
from confluent_kafka.admin import AdminClient
from connect_proxy import ConnectProxy, TlsFront
from parts import BINARIES, Clock, start_simulator
from progress_bed import Bed
from secured_kafka import KEY_PASSWORD, PASSWORD, USER, SecuredKafka

# With what URLs, JSON and base64 each write in another way.
API_KEY = 'canary+key/of"the\\api=0123456789'
OLD_KEY = "canary/key+of'yesterday=9876543210"
PROXY_PASSWORD = 'canary"proxy\\p@ss:word/+='
REGISTRY_PASSWORD = "canary<registry>&p%ss word?#"
WRONG_PASSWORD = 'canary of a "wrong" p@ssword/of+kafka'
PATIENCE = 90


def forms(secret: str, *logins: str) -> dict:
    """What it may look like → how that is called. `logins`: texts that hold it and are sent as base64."""
    found = {secret: "as it is", json.dumps(secret)[1:-1]: "in JSON", secret.replace("'", "''"): "in YAML",
             repr(secret)[1:-1]: "escaped"}
    for safe in ("", "/"):
        found[urllib.parse.quote(secret, safe=safe)] = "in a URL"
    found[urllib.parse.quote_plus(secret)] = "in a form"
    for text in (secret, *logins):
        encoded = base64.b64encode(text.encode()).decode().rstrip("=")
        found[encoded] = "base64"
        found[encoded.replace("+", "-").replace("/", "_")] = "base64 for URLs"
    found.update({secret[1:]: "but its first character", secret[:-1]: "but its last character"})
    return {text.encode(): how for text, how in found.items()}


SECRETS = {
    "API key": forms(API_KEY, f"Bearer {API_KEY}"),
    "API key of before": forms(OLD_KEY, f"Bearer {OLD_KEY}"),
    "password of Kafka": forms(PASSWORD, f"\0{USER}\0{PASSWORD}"),
    "wrong password of Kafka": forms(WRONG_PASSWORD, f"\0{USER}\0{WRONG_PASSWORD}"),
    "password of a TLS key": forms(KEY_PASSWORD),
    "password of the proxy": forms(PROXY_PASSWORD, f"grid:{PROXY_PASSWORD}"),
    "password of the registry": forms(REGISTRY_PASSWORD, f"grid:{REGISTRY_PASSWORD}"),
}


def secrets_in(where: str, content: bytes, secrets: dict = None) -> list:
    return [f"{name}, {how}, in {where}" for name, all_forms in (secrets or SECRETS).items() for form, how in all_forms.items() if form in content]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("around", [b"%s", b"key=%s;", b'{"x":"%s"}', b"\0\xff%s\xfe"])
def test_what_gets_out_would_be_seen(name, around):
    for form, how in SECRETS[name].items():
        assert any(f"{name}, " in one for one in secrets_in("a log", around % form)), how


class EchoingServer:
    """A schema registry, or an API, that turns everybody down and repeats what it was told, as some do."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                login = self.headers.get("Authorization", "none")
                said = base64.b64decode(login.removeprefix("Basic ")).decode() if login.startswith("Basic ") else login
                text = f"no access for {login}, that is {said}"
                body = json.dumps({"error_code": 40101, "message": text, "detail": text, "error": text}).encode()
                self.send_response(401, f"not {said}")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, *_words):
                asked.append(1)

        self.asked = asked = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class CanaryBed(Bed):
    kafka: SecuredKafka
    proxy: str
    authority: pathlib.Path
    registry: str

    def sections(self) -> dict:
        secrets = self.kafka.folder
        return super().sections() | {
            "api": {"base_url": "https://api.test/v4", "api_key_file": str(secrets / "api-key"), "ca_file": str(self.authority),
                    "proxy": self.proxy, "connect_timeout": "3s"},
            "kafka": {"session_timeout": "1s", "bootstrap_servers": f"127.0.0.1:{self.kafka.login}", "properties": {
                "security.protocol": "sasl_ssl", "ssl.ca.location": str(secrets / "kafka-ca.pem"), "sasl.mechanism": "PLAIN",
                "sasl.username": USER, "sasl.password_file": str(secrets / "kafka-password"), "debug": "all",
                "ssl.certificate.location": str(secrets / "kafka-client.pem"), "ssl.key.location": str(secrets / "kafka-client.key"),
                "ssl.key.password_file": str(secrets / "kafka-client.password")}},
            "schema_registry": {"url": self.registry, "username": "grid", "password_file": str(secrets / "registry-password")},
            "log": {"level": "debug"},
        }


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    with SecuredKafka(tmp_path_factory.mktemp("secrets")) as kafka:
        (kafka.folder / "registry-password").write_text(REGISTRY_PASSWORD, encoding="utf-8")
        (kafka.folder / "api-key").write_text(API_KEY + "\n", encoding="utf-8")
        yield kafka


class TokenBed(CanaryBed):
    """The key by a variable, Kafka's login by the tokens of a command."""

    def sections(self) -> dict:
        said = super().sections()
        api = {name: value for name, value in said["api"].items() if name != "api_key_file"} | {"api_key": "${CANARY_API_KEY}"}
        kafka = {"session_timeout": "1s", "bootstrap_servers": f"127.0.0.1:{self.kafka.login}",
                 "token_command": str(self.kafka.folder / "kafka-token"),
                 "properties": {"security.protocol": "sasl_ssl", "ssl.ca.location": str(self.kafka.folder / "kafka-ca.pem"),
                                "sasl.mechanism": "OAUTHBEARER", "debug": "all"}}
        return said | {"api": api, "kafka": kafka}


@pytest.fixture
def bed(request, secured, tmp_path):
    clock = Clock("2026-03-10T02:00:00Z", 300)
    simulator, api = start_simulator(BINARIES, tmp_path, clock, API_KEY, "--rate-limit", "off")
    front = TlsFront(tmp_path, "api.test", urllib.parse.urlsplit(api).port)
    registry = EchoingServer()
    proxy = ConnectProxy({"api.test:443": front.port, f"127.0.0.1:{registry.port}": registry.port}, login=f"grid:{PROXY_PASSWORD}")
    one = getattr(request, "param", CanaryBed)(tmp_path, secured.cluster.bootstrap, api, clock,
                    {"nem": "metrics: [power, energy]", "avro": "metrics: [power], secondary_grouping: fueltech_group, record: {format: avro}"},
                    start="-3h")
    one.kafka, one.registry, one.authority = secured, registry.url, front.ca
    one.proxy = f"http://grid:{urllib.parse.quote(PROXY_PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
    one.echo, one.front, one.through = registry, front, proxy
    yield one
    if one.daemon:
        one.daemon.kill()
    for part in (simulator, front, proxy, registry):
        part.stop()


class Told:
    """Everything that came out, by where. `more`: secrets that only this test has, as `SECRETS`."""

    def __init__(self, bed: CanaryBed, more: dict = None):
        self.bed = bed
        self.secrets = SECRETS | (more or {})
        self.found = []
        self.looked_at = 0

    def look(self, where: str, content):
        content = content.encode() if isinstance(content, str) else content
        self.looked_at += len(content)
        self.found += secrets_in(where, content, self.secrets)

    def pages(self):
        for page in ("/", "/status.json", "/metrics", "/readyz", "/livez", "/readyz?strict"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.bed.port}{page}", timeout=20) as answer:
                    self.look(page, answer.read())
            except urllib.error.HTTPError as error:
                self.look(page, error.read())

    def process(self):
        for name in ("cmdline", "comm", "status"):
            self.look(f"/proc/…/{name}", pathlib.Path(f"/proc/{self.bed.daemon.process.pid}/{name}").read_bytes())

    def command(self, *words: str) -> bytes:
        done = subprocess.run([BINARIES / "openelectricity-stream", *words, "--config", self.bed.folder / "openelectricity-stream.yaml"],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=90, check=False)
        assert done.stdout or done.stderr, words
        self.look(f"`{' '.join(words)}`", done.stdout + done.stderr)
        return done.stdout + done.stderr

    def files(self):
        """Logs, progress, what was rejected; not the configuration, which names the proxy with its password."""
        for file in sorted(self.bed.folder.rglob("*")):
            if file.is_file() and file.name != "openelectricity-stream.yaml":
                self.look(file.name, file.read_bytes())

    def topics(self):
        consumer = Consumer({"bootstrap.servers": self.bed.bootstrap, "group.id": "canary", "isolation.level": "read_uncommitted",
                             "enable.auto.commit": False, "enable.partition.eof": True})
        ours = [topic for topic in consumer.list_topics(timeout=20).topics.values() if self.bed.name in topic.topic]
        assert len(ours) >= 2
        for topic in ours:
            for partition in topic.partitions:
                consumer.assign([TopicPartition(topic.topic, partition, 0)])
                while (message := consumer.poll(20)) is not None and not message.error():
                    self.look(f"topic {topic.topic}", b"\0".join((message.key() or b"", message.value() or b"",
                                                                  repr(message.headers()).encode())))
                assert message is not None and message.error().code() == KafkaError._PARTITION_EOF, topic.topic
        consumer.close()
        admin = AdminClient({"bootstrap.servers": self.bed.bootstrap})  # its end would end what it was asked
        groups = admin.list_consumer_groups().result(20)
        self.look("the groups' names", repr([group.group_id for group in groups.valid]))


def replace(file: pathlib.Path, text: str):
    file.with_suffix(".new").write_text(text, encoding="utf-8")
    file.with_suffix(".new").rename(file)


def test_no_secret_is_in_anything_that_the_daemon_and_its_commands_write_or_say(bed, secured):
    told = Told(bed)
    (secured.folder / "api-key").write_text(OLD_KEY + "\n", encoding="utf-8")
    bed.start()
    log = lambda: bed.daemon.log.read_text(encoding="utf-8", errors="replace")
    # The key of before is turned down, the right one works; the registry repeats its password in every answer.
    bed.daemon.wait_until(lambda: "401" in log(), PATIENCE)
    told.pages()
    replace(secured.folder / "api-key", API_KEY + "\n")
    bed.call("reload")
    bed.daemon.wait_until(lambda: bed.progress() and bed.reached({"nem": "2026-03-10T11:00:00"}), PATIENCE)
    bed.daemon.wait_until(lambda: bed.echo.asked, PATIENCE)
    told.pages()
    told.process()
    # A wrong password of Kafka, of the registry and of the proxy.
    replace(secured.folder / "kafka-password", WRONG_PASSWORD)
    told.command("reload")
    told.command("check-config", "--connect")
    replace(secured.folder / "kafka-password", PASSWORD)
    bed.through.login = "grid:another one"
    assert b"407" in told.command("run", "--dry-run")
    bed.through.login = f"grid:{PROXY_PASSWORD}"
    # The API does as the registry does.
    bed.front.to = bed.echo.port
    assert b"401" in told.command("run", "--dry-run")
    told.command("check-config", "--connect")
    bed.daemon.wait_until(lambda: log().count("no access for") > 1, PATIENCE)
    told.pages()
    for words in (("status",), ("status", "--json"), ("check-config",), ("print-config",), ("check-config", "--connect"),
                  ("progress", "show"), ("progress", "verify"), ("run", "--dry-run"),
                  ("tail", "--from", "beginning", "--to-end")):
        told.command(*words)
    told.process()
    bed.daemon.stop()
    told.files()
    told.topics()
    assert "rdkafka" in log().lower() and told.looked_at > 1_000_000, told.looked_at
    assert not told.found, "\n".join(sorted(set(told.found)))


@pytest.mark.parametrize("bed", [TokenBed], indirect=True)
def test_neither_is_a_key_from_the_environment_nor_a_token_of_a_command(bed, secured, monkeypatch):
    monkeypatch.setenv("CANARY_API_KEY", API_KEY)
    monkeypatch.setenv("OPENELECTRICITY_API_KEY", OLD_KEY)  # of the commands: what the file says counts
    # Each token holds its own second: what all begin with is looked for.
    token = subprocess.run([secured.folder / "kafka-token"], text=True, capture_output=True, check=True).stdout
    head = token[:token.index(".") + 20]
    told = Told(bed, {"token of Kafka": {head.encode(): "as it is"}})
    asked = secured.times_asked()
    bed.start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.reached({"nem": "2026-03-10T11:00:00"}), PATIENCE)
    bed.daemon.wait_until(lambda: secured.times_asked() >= asked + 6, PATIENCE)
    told.pages()
    told.process()
    bed.front.to = bed.echo.port
    assert b"401" in told.command("run", "--dry-run")
    for words in (("reload",), ("status", "--json"), ("print-config",), ("check-config", "--connect"), ("progress", "verify"),
                  ("tail", "--from", "beginning", "--to-end")):
        told.command(*words)
    told.pages()
    bed.daemon.stop()
    log = bed.daemon.log.read_bytes()
    assert b"OAUTHBEARER" in log, "librdkafka's debug is on"
    told.files()
    told.topics()
    assert not told.found, "\n".join(sorted(set(told.found)))
