"""Each way of logging in to Kafka, exactly as docs/configuration.md writes it, against a real broker."""

import pathlib
import re
import subprocess

import pytest
from parts import BINARIES, Clock, start_simulator
from progress_bed import KEY, Bed, repeats
from secured_kafka import KEY_PASSWORD, PASSWORD, SecuredKafka, claims

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
START = "2026-03-10T02:00:00Z"
PATIENCE = 90


def documented(name: str) -> str:
    """The example behind the bold words that begin so."""
    section = DOCUMENT[DOCUMENT.index("\n## Logging in to Kafka\n"):]
    found = re.search(r"\n\*\*" + re.escape(name) + r".*?\n```yaml\n(.*?)```", section, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    with SecuredKafka(tmp_path_factory.mktemp("secrets")) as kafka:
        yield kafka


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    clock = Clock(START, 300)
    simulator, api = start_simulator(BINARIES, tmp_path_factory.mktemp("api"), clock, KEY, "--calm", "--rate-limit", "off")
    yield clock, api
    simulator.stop()


class SecuredBed(Bed):
    example = ""

    def config(self) -> str:
        lines = super().config().splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("kafka: "))
        lines[at] = self.example + "  create_topics: all\n  session_timeout: 1s"
        return "\n".join(lines) + "\n"


@pytest.fixture
def make(secured, world, tmp_path):
    clock, api = world
    beds = []

    def made(name: str, port: int, change=lambda text: text) -> SecuredBed:
        bed = SecuredBed(tmp_path, secured.cluster.bootstrap, api, clock, {"nem": "metrics: [power]"}, start="-2h")
        text = documented(name).replace("/etc/openelectricity-stream/secrets", str(secured.folder))
        assert "kafka.example:9093" in text
        bed.example = change(text.replace("kafka.example:9093", f"127.0.0.1:{port}"))
        beds.append(bed)
        return bed

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


@pytest.mark.parametrize("name, port", [
    ("TLS.", "tls"), ("TLS with a certificate", "mutual"), ("User and password, SASL PLAIN", "login"),
    ("User and password, SCRAM", "login")])
def test_the_documented_example_works(secured, make, name, port):
    bed = make(name, getattr(secured, port)).start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    for secret in (PASSWORD, KEY_PASSWORD):
        assert secret not in bed.log()
    bed.stop()
    assert not repeats(bed.records())


def test_tokens_by_a_command_are_refreshed_before_they_run_out(secured, make):
    printed = subprocess.run([secured.folder / "kafka-token"], text=True, capture_output=True, check=True).stdout
    assert claims(printed)["exp"] - claims(printed)["iat"] == 20
    before = secured.times_asked()
    bed = make("Tokens, SASL OAUTHBEARER", secured.login).start()
    bed.daemon.wait_until(lambda: bed.progress() and bed.records(), PATIENCE)
    clients = secured.times_asked() - before
    assert clients >= 3, "writer, member and reader each have their own"
    bed.daemon.wait_until(lambda: secured.times_asked() >= before + 2 * clients, PATIENCE)
    bed.wait_beyond({"nem": bed.member("nem")["position"]})
    # Each token names its own second, so of all of them the head alone is the same.
    assert printed.split(".")[0] not in bed.log()
    bed.stop()
    assert not repeats(bed.records())


@pytest.mark.parametrize("name, port, old, new, words", [
    ("TLS with a certificate", "mutual", "    ssl.certificate.location", "    #ssl.certificate.location", "ertificate"),
    ("User and password, SASL PLAIN", "login", "sasl.username: open", "sasl.username: closed", "Authentication failed"),
    ("User and password, SCRAM", "login", "sasl.username: open", "sasl.username: closed", "uthentication failed"),
    ("Tokens, SASL OAUTHBEARER", "login", "/kafka-token", "/kafka-token-that-is-away", "kafka.token_command: it ends with code 127")])
def test_a_login_that_fails_is_told_in_one_line(secured, make, name, port, old, new, words):
    bed = make(name, getattr(secured, port), lambda text: text.replace(old, new)).start()
    bed.daemon.wait_until(lambda: any(words in line for line in bed.log().splitlines()), PATIENCE)
    assert not bed.told_again(), bed.log()
    bed.daemon.kill()
    bed.daemon = None


def test_oidc_is_refused_by_name_where_the_build_lacks_it(make, secured):
    oidc = ("    sasl.oauthbearer.method: oidc\n    sasl.oauthbearer.client.id: a\n    sasl.oauthbearer.client.secret: b\n"
            "    sasl.oauthbearer.token.endpoint.url: https://127.0.0.1:1/token\n")
    bed = make("Tokens, SASL OAUTHBEARER", secured.login,
               lambda text: re.sub(r"  token_command: .*\n", "", text).rstrip("\n") + "\n" + oidc)
    file = bed.folder / "oidc.yaml"
    file.write_text(bed.config(), encoding="utf-8")
    done = subprocess.run([BINARIES / "openelectricity-stream", "check-config", "--config", file], text=True, capture_output=True,
                          timeout=60, check=False)
    if done.returncode == 0:
        pytest.skip("this librdkafka has OIDC")
    assert done.returncode == 78
    assert "sasl.oauthbearer.method" in done.stderr, done.stderr
    assert "client.secret: b" not in done.stderr
