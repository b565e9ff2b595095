"""A registry behind TLS, a login and a proxy, as the daemon meets it; and an Avro topic through kills of the daemon."""

import random

import pytest
from avro_bed import AvroBed, all_served, older_schema
from avro_io import schema_id
from connect_proxy import ConnectProxy, TlsFront
from login_front import LoginFront
from parts import BINARIES, Clock, start_simulator
from progress_bed import KEY, calm_world, repeats
from registry import Registry

USER, PASSWORD = "electricity", "pass:word@of-registry"
HOST = "registry.test"
KILLS = 10


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with calm_world(tmp_path_factory.mktemp("avro-registry")) as one:
        yield one


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    with Registry(tmp_path_factory.mktemp("registry")) as one:
        yield one


@pytest.fixture
def behind(registry, tmp_path):
    """(login, TLS, proxy) in front of the registry: HOST leads to it by the proxy alone."""
    login = LoginFront(registry.port, USER, PASSWORD)
    front = TlsFront(tmp_path, HOST, login.port)
    proxy = ConnectProxy({f"{HOST}:443": front.port})
    yield login, front, proxy
    for part in (proxy, front, login):
        part.stop()


class SecuredBed(AvroBed):
    """`said`: of schema_registry, otherwise."""

    front = None
    proxy = None

    def sections(self) -> dict:
        sections = super().sections()
        sections["schema_registry"] = {"url": f"https://{HOST}/apis/ccompat/v7", "ca_file": str(self.front.ca), "username": USER,
                                       "password_file": str(self.folder / "password"), "timeout": "20s"}
        sections["api"]["proxy"] = f"http://127.0.0.1:{self.proxy.port}"
        return sections

    def password(self, text: str):
        (self.folder / "password").write_text(text + "\n")
        (self.folder / "password").chmod(0o600)

    def stands_apart(self, *texts: str):
        """Until the stream says so, in one line that has all of the texts."""
        def whether():
            state = self.state("nem")
            return state["state"] == "set_apart" and all(text in state["last_error"] for text in texts)
        self.daemon.wait_until(whether, 60)
        assert "\n" not in self.state("nem")["last_error"]


@pytest.fixture
def make(tmp_path, bootstrap, world, registry, behind):
    beds = []

    def made(kind=SecuredBed, **options):
        options = {"bootstrap": bootstrap, "clock": world["clock"], "api": world["api"], "start": "2026-03-10T06:00:00",
                   "streams": {"nem": "metrics: [power]"}, **options}
        bed = kind(tmp_path, **options)
        beds.append(bed)
        bed.registry, (_, bed.front, bed.proxy) = registry, behind
        if kind is SecuredBed:
            bed.password(PASSWORD)
        return bed

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def test_it_is_asked_over_tls_with_a_password_through_the_proxy(make, behind, world):
    login, _, proxy = behind
    bed = make().leads()
    bed.moves("nem")
    bed.stop()
    all_served(bed, world["served"])
    assert proxy.asked and all(head.startswith(f"CONNECT {HOST}:443 HTTP/1.1") for head in proxy.asked)
    assert not any("Authorization" in head for head in proxy.asked), "the proxy saw the login"
    assert {status for _, _, status in login.asked} <= {200, 404}
    assert ("POST", f"/apis/ccompat/v7/subjects/{bed.topic('nem')}-value/versions", 200) in login.asked
    assert PASSWORD not in bed.log()
    shown = bed.call("print-config")
    assert PASSWORD not in shown


def test_a_wrong_password_says_so_in_one_line_and_the_right_one_is_taken_over(make):
    bed = make()
    bed.password("of-last-year")
    bed.write_config()
    said = [line for line in bed.call("check-config", "--connect", code=1).splitlines() if line.startswith("fails")]
    assert len(said) == 1 and "401" in said[0] and "schema_registry.username and its password" in said[0], said
    bed.leads()
    bed.stands_apart("it answers 401", "schema_registry.username and its password", HOST)
    assert "of-last-year" not in bed.log()
    bed.password(PASSWORD)
    bed.call("reload")
    bed.moves("nem")
    bed.stop()
    assert not repeats(bed.records())


def test_a_certificate_that_is_not_trusted_says_so(make):
    bed = make(extra={"schema_registry": None})
    known = bed.sections()["schema_registry"]
    bed.extra = {"schema_registry": {name: one for name, one in known.items() if name != "ca_file"}}
    bed.write_config()
    said = [line for line in bed.call("check-config", "--connect", code=1).splitlines() if line.startswith("fails")]
    assert len(said) == 1 and "certificate" in said[0] and HOST in said[0], said
    bed.leads()
    bed.stands_apart("certificate", HOST)
    bed.extra = {}
    bed.write_config()
    bed.call("reload")
    bed.moves("nem")
    bed.stop()


def test_a_proxy_that_does_not_let_it_through_is_named(make, behind):
    *_, proxy = behind
    proxy.answer = "403 Forbidden"
    bed = make().leads()
    bed.stands_apart(f"proxy 127.0.0.1:{proxy.port}", "403 Forbidden")
    proxy.answer = None
    bed.moves("nem")
    bed.stop()


def test_a_reload_to_another_registry_while_a_question_is_in_flight_takes_ids_of_the_other_alone(make, behind, registry, tmp_path):
    login, *_ = behind
    (tmp_path / "other").mkdir()
    with Registry(tmp_path / "other") as other:
        for number in range(40):  # its ids are others
            other.register(f"filler-{number}-value", {"type": "record", "name": f"filler_{number}", "fields": []})
        login.hold()
        bed = make().leads()
        bed.daemon.wait_until(login.waiting.is_set, 60)
        bed.extra = {"schema_registry": {"url": other.url, "timeout": "20s", "username": None, "password_file": None, "ca_file": None}}
        bed.write_config()
        bed.call("reload")
        login.let_go()
        bed.moves("nem")
        bed.stop()
        ids = {schema_id(value) for _, _, value in bed.raw()}
        assert ids == {other.ask(f"/subjects/{bed.topic('nem')}-value/versions/1")["id"]}
        bed.registry = other
        assert bed.records()


def test_a_gap_that_fills_late_is_published_in_avro(make, registry, tmp_path):
    """Behind what is read again: only the topic knows what was published, and the daemon reads its own Avro."""
    clock = Clock("2026-03-10T02:00:00Z", 1800)
    log = tmp_path / "served"
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--rate-limit", "off", "--served-log", str(log), "--holes", "0.3",
                                     "--late", "0", "--outages", "0")
    try:
        bed = make(AvroBed, api=api, clock=clock, extra={"schedule": {"gap_retry": "2h", "gap_give_up": "30d"}},
                   streams={"wind": "metrics: [power], fueltech: wind, network_region: SA1, re_read: [1h]"})
        bed.start(until={"wind": "2026-03-10T13:00:00+10:00"})
        bed.stop()
        bed.rewrite("wind", older_schema(), lambda key: True)  # what it is asked about lies there with another id
        bed.start()
        seen = set()

        def filled() -> set:
            now = {(gap["from"], gap["to"]) for gap in bed.member("wind")["gaps"] if "given_up_at" not in gap}
            seen.update(now)
            return {gap for gap in seen if not any(gap[0] < end and begin < gap[1] for begin, end in now)}

        bed.daemon.wait_until(lambda: len(filled()) >= 3, 120)
        done = filled()
        bed.stop()
        for begin, _ in done:
            late = [record for record in bed.records() if record["interval"].startswith(begin[:16])]
            assert len(late) == 1 and late[0]["revision"] == 0, (begin, late)
        all_served(bed, log)
    finally:
        simulator.stop()


def test_ten_kills_lose_nothing_and_repeat_nothing(make, bootstrap, registry, tmp_path):
    """With corrections, faults of the API, and two shapes of stream; the registry is paused at some of the kills."""
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    chance = random.Random(seed)
    clock = Clock("2026-03-10T02:00:00Z", 1200)
    log = tmp_path / "served"
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--seed", str(seed), "--rate-limit", "off", "--faults",
                                     "0.04,status,cut,html,badjson,reset", "--served-log", str(log))
    try:
        bed = make(AvroBed, api=api, clock=clock, start="-6h", streams={
            "fuel": "metrics: [power, emissions], secondary_grouping: fueltech_group", "market": "metrics: [price, demand]"})
        bed.start()
        for _ in range(KILLS):
            before = bed.told().get("transactions", 0)
            wanted = before + chance.randrange(1, 6)
            bed.daemon.wait_until(lambda: bed.told().get("transactions", 0) >= wanted, 90)  # noqa: B023
            if chance.random() < 0.3:
                registry.pause()
            bed.daemon.kill()
            bed.start()
            registry.go_on()
        bed.moves("fuel")
        bed.stop()
        all_served(bed, log)
        assert "progress and data topics fit" in bed.run("verify")
        assert any(record["revision"] for record in bed.records())
    finally:
        simulator.stop()
