"""A registry that fails, lies, or has become another one: nothing is written that readers cannot decode."""

import signal
import time

import pytest
from avro_bed import AvroBed, all_served, older_schema, today_schema
from avro_io import schema_id
from confluent_kafka.admin import AclOperation
from fake_registry import FakeRegistry
from guarded_kafka import GuardedKafka
from progress_bed import calm_world, repeats
from rights import PASSWORD, USER

TRIED_AGAIN = 8  # seconds: a topic that is set apart is tried again after two, and after four more
SOMEBODY = {"type": "record", "name": "somebody", "fields": [{"name": "a", "type": "string"}]}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with calm_world(tmp_path_factory.mktemp("avro-faults")) as one:
        yield one


@pytest.fixture
def registry():
    one = FakeRegistry()
    yield one
    one.stop()


@pytest.fixture
def make(tmp_path, bootstrap, world, registry):
    beds = []

    def made(streams=None, kind=AvroBed, **options):
        options = {"bootstrap": bootstrap, "clock": world["clock"], "start": "2026-03-10T06:00:00", **options}
        bed = kind(tmp_path, api=world["api"], streams=dict(streams or {"nem": "metrics: [power]"}), **options)
        bed.registry = registry
        beds.append(bed)
        return bed

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.process.send_signal(signal.SIGCONT)
            bed.daemon.kill()


def stands_apart(bed, text: str, stream: str = "nem"):
    bed.daemon.wait_until(lambda: bed.state(stream)["state"] == "set_apart" and text in bed.state(stream)["last_error"], 60)


def ids_in(bed, *streams) -> set:
    return {schema_id(value) for _, _, value in bed.raw(*streams)}


@pytest.mark.parametrize("answer", [(500, b"no", {}), (200, b"<html>sign in</html>", {"Content-Type": "text/html"}),
                                    (302, b"", {"Location": "http://127.0.0.1:1/"}), (404, b"<html>no such page</html>", {})],
                         ids=["500", "html", "redirect", "wrong-address"])
def test_an_answer_that_is_none_is_an_outage_that_the_id_is_remembered_through(make, registry, world, answer):
    bed = make().leads()
    bed.moves("nem")
    registry.answer = lambda *_: answer
    bed.daemon.kill()
    bed.go_on()
    bed.waits_for("schema registry cannot be used")
    bed.moves("nem")
    registry.answer = lambda *_: None
    bed.waits_for("schema registry is back")
    bed.stop()
    assert ids_in(bed) == {1}
    all_served(bed, world["served"])


def test_a_registry_that_falls_silent_between_two_questions_is_away(make, registry):
    bed = make().leads()
    bed.moves("nem")
    bed.stop()
    registry.answer = lambda method, path: (500, b"no", {}) if method == "GET" else None
    bed.go_on()
    assert "set apart" not in bed.log()
    bed.waits_for("schema registry cannot be used")
    bed.stop()
    assert ids_in(bed) == {1}


def test_a_slow_registry_is_waited_for_once(make, registry):
    """Each answer takes two seconds of the three that are allowed."""
    def slowly(method, path):
        time.sleep(2)

    registry.answer = slowly
    bed = make().start()
    for _ in range(4):
        bed.moves("nem")  # it is not asked for each chunk
    told = len(registry.asked)
    bed.stop()
    assert told <= 6 and "schema registry cannot be used" not in bed.log() and "set apart" not in bed.log()


def test_a_registry_whose_nodes_lag_behind_each_other_is_asked_again(make, registry):
    bed = make()
    asked = []

    def lags(method, path):
        if method == "GET" and path.startswith("/schemas/ids/"):
            asked.append(path)
            return FakeRegistry.nothing(40403) if len(asked) < 3 else None
        return None

    registry.answer = lags
    bed.leads()
    bed.moves("nem")
    bed.stop()
    assert len(asked) >= 3 and "set apart" not in bed.log()


def test_a_topic_is_written_where_the_registry_gives_an_id_and_tells_no_schemas(make, registry):
    registry.answer = lambda method, path: (403, {"error_code": 40301, "message": "no"}, {}) if path.startswith("/schemas/ids/") else None
    bed = make().leads()
    bed.moves("nem")
    assert "schema registry" in bed.call("status")
    bed.stop()
    bed.go_on()
    bed.stop()
    assert ids_in(bed) == {1} and "set apart" not in bed.log()


def test_an_id_that_is_given_and_not_kept_is_not_written_with(make, registry):
    bed = make()
    subject = bed.topic("nem") + "-value"
    registry.register(subject, today_schema())
    registry.answer = lambda method, path: (200, {"id": 77}, {}) if method == "POST" else None
    bed.leads()
    stands_apart(bed, "77, and has no such schema by that id")
    registry.schemas[77] = '{"type": "string"}'
    time.sleep(TRIED_AGAIN)
    assert bed.state("nem")["state"] == "set_apart" and not bed.raw()
    registry.answer = lambda *_: None
    bed.moves("nem")
    bed.stop()
    assert ids_in(bed) == {1}


def test_whoever_loses_the_race_to_register_goes_on_with_the_id_of_the_first(make, registry):
    def race(method, path):
        if method != "POST" or not path.endswith("/versions"):
            return None
        registry.register(path.split("/")[2], today_schema())
        return 409, {"error_code": 409, "message": "it is there already"}, {}

    registry.answer = race
    bed = make().leads()
    bed.moves("nem")
    assert "is refused" not in bed.log()
    bed.stop()
    assert ids_in(bed) == {1}


def test_ids_that_have_changed_places_are_not_written_beside(make, registry):
    """Restored by subjects, not by ids: the topic's id is that of an older schema of ours now, and ours has another."""
    bed = make().leads()
    bed.moves("nem")
    registry.empty()
    registry.register("elsewhere-value", older_schema())
    registry.register(bed.topic("nem") + "-value", today_schema())
    stands_apart(bed, "schema 1")
    time.sleep(TRIED_AGAIN)
    assert bed.state("nem")["state"] == "set_apart"
    bed.stop()
    assert ids_in(bed) == {1}
    assert "is another than the one with which records" in bed.call("check-config", "--connect", code=1)
    registry.empty()
    registry.register(bed.topic("nem") + "-value", today_schema())
    bed.leads()
    bed.moves("nem")
    bed.stop()


def test_who_leads_again_asks_the_registry_first(make, registry):
    """Its leadership was lost while it stood still, and the registry was emptied meanwhile."""
    bed = make().leads()
    bed.moves("nem")
    terms = bed.log().count("leading: reading and publishing")
    bed.daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(4)  # four sessions
    registry.empty()
    before = len(bed.raw())
    bed.daemon.process.send_signal(signal.SIGCONT)
    bed.daemon.wait_until(lambda: bed.log().count("leading: reading and publishing") > terms, 60)
    stands_apart(bed, "does not know schema 1")
    bed.stop()
    assert len(bed.raw()) == before and not registry.subjects


def test_an_id_that_only_an_old_memory_has_waits_for_the_registry(make, registry):
    """A standby whose schemas.json is of a time before the topic and the registry were made anew."""
    bed = make().leads()
    bed.moves("nem")
    bed.stop()
    memory = bed.path / "schemas.json"
    memory.write_text(memory.read_text().replace('"id": 1', '"id": 9'))
    registry.answer = lambda *_: (500, b"no", {})
    bed.leads()
    stands_apart(bed, "is not known from before")
    registry.answer = lambda *_: None
    bed.moves("nem")
    bed.stop()
    assert ids_in(bed) == {1}


def test_another_registry_by_reload_while_data_flows_must_know_what_was_written(make, registry):
    bed = make().leads()
    bed.moves("nem")
    other = FakeRegistry()
    try:
        other.register("somebody-value", SOMEBODY)
        first, bed.registry = registry, other
        bed.write_config()
        bed.call("reload")
        stands_apart(bed, "schema 1")
        time.sleep(TRIED_AGAIN)
        assert list(other.subjects) == ["somebody-value"]
        assert bed.state("nem")["state"] == "set_apart"
        bed.registry = first
        bed.write_config()
        bed.call("reload")
        bed.moves("nem")
        bed.stop()
        assert ids_in(bed) == {1} and not repeats(bed.records())
    finally:
        other.stop()


def test_of_two_deployments_on_one_topic_the_one_whose_schema_is_gone_waits(make, registry):
    bed = make().leads()
    bed.moves("nem")
    registry.empty()
    registry.register("somebody-value", SOMEBODY)
    stands_apart(bed, "is another than the one")
    other = make({"nem": "metrics: [price]"}, topics=bed.topics)
    other.run("fresh")  # there are records of somebody
    other.leads()
    other.daemon.wait_until(lambda: other.position("nem", "price") > "2026-03-10T06", 60)  # none of its records has the id that is gone
    time.sleep(TRIED_AGAIN)
    assert bed.state("nem")["state"] == "set_apart"
    other.stop()
    stood = {key for _, key, value in bed.raw() if schema_id(value) == 1}
    assert stood and all(b"|power|" in key for key in stood)
    registry.schemas[1] = registry.schemas.pop(2)  # restored
    registry.schemas[2] = registry.schemas[1]
    bed.moves("nem")
    bed.stop()


class GuardedBed(AvroBed):
    def sections(self) -> dict:
        login = {"security.protocol": "sasl_plaintext", "sasl.mechanisms": "PLAIN", "sasl.username": USER, "sasl.password": PASSWORD}
        return super().sections() | {"kafka": {"session_timeout": "1s", "properties": login, "bootstrap_servers": self.guarded}}


def test_a_topic_that_may_not_be_read_goes_by_what_is_remembered(make, registry):
    """Its records cannot tell their ids: an emptied registry is noticed all the same, and not filled anew."""
    with GuardedKafka() as kafka:
        bed = make(kind=GuardedBed, bootstrap=kafka.bootstrap)
        bed.guarded = kafka.guarded
        bed.leads()
        bed.moves("nem")
        bed.stop()
        kafka.rights.deny(bed.topic("nem"), AclOperation.READ)
        bed.leads()
        bed.moves("nem")
        bed.stop()
        registry.empty()
        registry.register("somebody-value", SOMEBODY)
        bed.leads()
        stands_apart(bed, "schema 1")
        time.sleep(TRIED_AGAIN)
        bed.stop()
        assert list(registry.subjects) == ["somebody-value"]
