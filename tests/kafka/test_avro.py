"""Avro with a real schema registry: what readers find, and what becomes of it when the registry is away, emptied or filled by others."""

import json
import time
import uuid
import zlib

import pytest
from avro_bed import AvroBed, all_served, older_schema, today_schema
from avro_io import Decoder, framed, schema_id
from kafka_io import make_topic, read_raw, send_transaction
from progress_bed import calm_world, repeats
from registry import Registry


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with calm_world(tmp_path_factory.mktemp("avro")) as one:
        yield one


@pytest.fixture(scope="module")
def shared_registry(tmp_path_factory):
    registry = Registry(tmp_path_factory.mktemp("registry")).start()
    registry.rule("FULL_TRANSITIVE")
    yield registry
    registry.stop()


@pytest.fixture
def registry(tmp_path):
    """One of its own, which may be paused and emptied."""
    one = Registry(tmp_path)
    one.start()
    yield one
    one.stop()


TRIED_AGAIN = 8  # seconds: a topic that is set apart is tried again after two, and after four more

# Older than what a live stream reads again, so that only the topics know what was published.
OLDER = ["backfill", "--stream", "nem", "--from", "2026-03-01T06:00:00", "--to", "2026-03-01T10:00:00", "--yes"]


@pytest.fixture
def make(tmp_path, bootstrap, world):
    beds = []

    def made(registry, streams=None, kind=AvroBed, **options):
        options = {"bootstrap": bootstrap, "clock": world["clock"], "start": "2026-03-10T06:00:00", **options}
        beds.append(kind(tmp_path, api=world["api"], streams=dict(streams or {"nem": "metrics: [power]"}), **options))
        beds[-1].registry = registry
        return beds[-1]

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def test_long_wide_and_the_list_are_read_by_a_client_of_the_registry_and_nothing_is_lost(make, shared_registry, world):
    bed = make(shared_registry, {"nem": "metrics: [power, price]",
                                 "wide": "metrics: [power, energy], record: {format: avro, shape: wide}"})
    bed.extra = {"facilities": {"enabled": True, "format": "avro", "topic": bed.topics + ".list"}}
    bed.leads()
    bed.moves("nem")
    bed.daemon.wait_until(lambda: shared_registry.versions(bed.topic("list") + "-value"), 60)
    bed.stop()
    for topic in ("nem", "wide", "list"):
        assert shared_registry.versions(f"{bed.topic(topic)}-value") == [1]
    long = bed.records("nem")
    assert {record["metric"] for record in long} == {"power", "price"}
    assert all(record["value"] == record[record["metric"]] for record in long)
    wide = bed.records("wide")
    assert wide and all("metric" not in record and {"power", "energy"} <= set(record) for record in wide)
    units = [Decoder(shared_registry).record(value) for _, _, value in bed.raw("list")]
    assert units and all(unit["facility_code"] and unit["unit_code"] for unit in units)
    bed.streams.pop("wide")
    all_served(bed, world["served"])
    said = bed.call("progress", "verify", code=0)
    assert "progress and data topics fit" in said


def test_a_restart_goes_on_where_it_stood_and_verify_refresh_and_tail_read_the_records(make, shared_registry, world):
    bed = make(shared_registry).leads()
    bed.moves("nem")
    bed.daemon.kill()
    bed.go_on()
    bed.stop()
    assert not repeats(bed.records())
    all_served(bed, world["served"])
    assert "has the schema, id " in bed.call("check-config", "--connect")
    bed.call(*OLDER)
    assert "progress and data topics fit" in bed.run("verify")
    before = len(bed.records())
    said = bed.call(*OLDER, "--refresh")
    assert len(bed.records()) == before and "nothing to do" not in said  # compared with what was published: nothing has changed
    lines = [json.loads(line) for line in bed.call("tail", "--from", "earliest", "--to-end", "--format", "json").splitlines()]
    texts = sorted(json.dumps(line, sort_keys=True) for line in lines)
    assert len(texts) == before
    assert all(isinstance(line["value"], float | int) and line["interval"].endswith("+10:00") for line in lines)
    bed.extra = {"schema_registry": None, "defaults": {"record": {"format": "json"}}}
    bed.write_config()
    said = bed.call("tail", "--topic", bed.topic("nem"), "--from", "earliest", "--to-end", code=1)
    assert "schema_registry.url must be set to read them" in said


def test_a_registry_that_is_away_is_waited_for_and_told_once(make, registry):
    registry.pause()
    bed = make(registry, {"nem": "metrics: [power]", "plain": "metrics: [power], record: {format: json}"}).leads()
    bed.moves("plain")  # the others go on
    bed.daemon.wait_until(lambda: bed.state("nem")["state"] == "set_apart", 60)
    assert "its id is not known from before" in bed.state("nem")["last_error"] or "registry" in bed.state("nem")["last_error"]
    assert "schema registry" in bed.call("status")
    assert bed.position("nem")[:19] == "2026-03-10T06:00:00"
    registry.go_on()
    bed.moves("nem")
    told = [line for line in bed.log().splitlines() if "schema registry cannot be used" in line]
    assert len(told) == 1, told
    bed.waits_for("schema registry is back")
    bed.stop()
    assert bed.records("nem")


def test_publishing_goes_on_through_an_outage_of_the_registry_and_a_restart_in_it(make, registry, world):
    bed = make(registry).leads()
    bed.moves("nem")
    registry.pause()
    bed.moves("nem")
    bed.daemon.kill()
    bed.go_on()
    bed.moves("nem")
    registry.go_on()
    bed.waits_for("schema registry is back", 90)
    bed.moves("nem")
    bed.stop()
    assert registry.versions(bed.topic("nem") + "-value") == [1]
    assert len({schema_id(value) for _, _, value in bed.raw()}) == 1
    all_served(bed, world["served"])


def test_an_emptied_registry_is_noticed_and_nothing_more_is_written_without_a_schema(make, registry):
    bed = make(registry).leads()
    bed.moves("nem")
    registry.empty()
    bed.daemon.wait_until(lambda: bed.state("nem")["state"] == "set_apart", 90)
    assert "does not know schema 1" in bed.state("nem")["last_error"]
    stood = bed.position("nem")
    time.sleep(TRIED_AGAIN)
    assert bed.state("nem")["state"] == "set_apart" and bed.position("nem") == stood
    assert registry.subjects() == []  # and it is not filled with what would get another id
    bed.stop()
    # The same where nothing is remembered: the topic's newest record names the schema.
    (bed.path / "schemas.json").unlink()
    bed.leads()
    bed.daemon.wait_until(lambda: bed.state("nem")["state"] == "set_apart", 90)
    assert bed.position("nem") == stood
    schema = today_schema()
    registry.register("other-value", schema)  # restored: it gets id 1 again
    bed.moves("nem")
    bed.stop()


def test_a_registry_that_knows_another_schema_by_the_id_is_no_registry_of_the_topic(make, registry):
    bed = make(registry).leads()
    bed.moves("nem")
    registry.empty()
    registry.register("somebody-value", {"type": "record", "name": "somebody", "fields": [{"name": "a", "type": "string"}]})
    bed.daemon.wait_until(lambda: bed.state("nem")["state"] == "set_apart", 90)
    assert "is another than the one" in bed.state("nem")["last_error"]
    bed.stop()


def test_a_schema_of_somebody_else_that_does_not_fit_sets_the_topic_apart_and_no_other(make, shared_registry):
    bed = make(shared_registry, {"nem": "metrics: [power]", "other": "metrics: [power]"})
    shared_registry.register(bed.topic("nem") + "-value",
                             {"type": "record", "name": "point", "namespace": "openelectricity",
                              "fields": [{"name": "interval", "type": "string"}]})
    bed.leads()
    bed.moves("other")
    bed.daemon.wait_until(lambda: bed.state("nem")["state"] == "set_apart", 60)
    assert "is refused" in bed.state("nem")["last_error"] and "409" in bed.state("nem")["last_error"]
    bed.stop()
    assert not bed.raw("nem")


def test_without_auto_register_the_schema_must_be_there_and_the_command_is_told(make, shared_registry):
    bed = make(shared_registry)
    bed.auto_register = False
    bed.leads()
    bed.daemon.wait_until(lambda: bed.state("nem")["state"] == "set_apart", 60)
    why = bed.state("nem")["last_error"]
    assert "auto_register is false" in why and "schema --format avro" in why and bed.topic("nem") + "-value/versions" in why
    schema = today_schema()
    shared_registry.register(bed.topic("nem") + "-value", schema)
    bed.moves("nem")
    bed.stop()
    assert bed.records()


def test_what_was_written_with_an_older_schema_is_read_beside_what_is_written_now(make, shared_registry, world):
    """As after an upgrade: the topic has records of two ids, both told by the registry."""
    bed = make(shared_registry).leads()
    bed.moves("nem")
    bed.stop()
    other = make(shared_registry, name=None)
    older = older_schema()
    old_id = shared_registry.register(other.topic("nem") + "-value", older)
    decoder = Decoder(shared_registry)
    records = [(key, framed(old_id, older, decoder.record(value))) for _, key, value in bed.raw()]
    make_topic(other.bootstrap, other.topic("nem"))
    send_transaction(other.bootstrap, other.topic("nem"), records, commit=True)
    other.run("fresh")  # without progress, data is begun anew by an operator's word alone
    other.leads()
    other.moves("nem")
    other.stop()
    ids = {schema_id(value) for _, _, value in other.raw()}
    assert len(ids) == 2 and old_id in ids
    assert shared_registry.versions(other.topic("nem") + "-value") == [1, 2]  # under FULL_TRANSITIVE
    lines = other.call("tail", "--from", "earliest", "--to-end", "--format", "json").splitlines()
    assert len(lines) == len(other.raw()) and all(json.loads(line)["metric"] == "power" for line in lines)


def test_verify_refresh_and_the_next_start_go_by_both_schemas_of_a_topic(make, shared_registry, world):
    bed = make(shared_registry).leads()
    bed.moves("nem")
    bed.stop()
    bed.call(*OLDER)
    bed.rewrite("nem", older_schema(), lambda key: zlib.crc32(key) % 2)
    assert len({schema_id(value) for _, _, value in bed.raw()}) == 2
    assert "progress and data topics fit" in bed.run("verify")
    before = len(bed.raw())
    assert "nothing to do" not in bed.call(*OLDER, "--refresh")
    assert len(bed.raw()) == before
    bed.go_on()
    bed.stop()
    assert not repeats(bed.records())
    all_served(bed, world["served"])
    assert "progress and data topics fit" in bed.run("verify")


def test_every_later_schema_must_be_fully_compatible(shared_registry):
    """A field more with a default passes the rule that the test sets; one without, or one that is renamed, does not."""
    import urllib.error
    schema = today_schema()
    subject = f"evolution-{uuid.uuid4().hex[:6]}-value"
    shared_registry.register(subject, older_schema())
    shared_registry.register(subject, schema)
    later = {**schema, "fields": [*schema["fields"], {"name": "later", "type": ["null", "double"], "default": None}]}
    shared_registry.register(subject, later)
    for bad in ({"name": "later", "type": ["null", "string"], "default": None}, {"name": "without", "type": "string"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            shared_registry.register(subject, {**schema, "fields": [*schema["fields"], bad]})
        assert refused.value.code == 409


def test_a_topic_of_avro_gets_no_json_by_reload_by_restart_or_by_another_name(make, shared_registry):
    bed = make(shared_registry).leads()
    bed.moves("nem")
    avro = bed.config()
    topic = bed.topic("nem")
    bed.streams = {"fresh": f"metrics: [power], topic: {topic}, record: {{format: json}}"}
    bed.write_config()
    said = bed.call("reload", code=78)
    assert f"topic {topic} holds Avro records" in said
    bed.streams = {"nem": "metrics: [power], record: {format: json}"}
    bed.write_config()
    assert "record.format cannot change under the same name" in bed.call("reload", code=78)
    bed.moves("nem") if bed.write_config(avro) else None
    bed.stop()
    # A restart: the stream under another name is set apart, whatever is remembered here.
    (bed.path / "schemas.json").unlink()
    bed.streams = {"fresh": f"metrics: [power], topic: {topic}, record: {{format: json}}",
                   "plain": "metrics: [power], record: {format: json}"}
    bed.write_config()
    assert f"format of topic {topic}: it holds Avro" in bed.call("check-config", "--connect", code=1)
    bed.leads()
    bed.moves("plain")
    bed.daemon.wait_until(lambda: bed.state("fresh")["state"] == "set_apart", 60)
    assert "holds Avro records" in bed.state("fresh")["last_error"]
    bed.stop()
    assert all(value[:1] == b"\0" for _, _, value in read_raw(bed.bootstrap, [topic]))


def test_a_topic_of_json_gets_no_avro(make, shared_registry):
    bed = make(shared_registry, {"nem": "metrics: [power], record: {format: json}"}).leads()
    bed.moves("nem")
    topic = bed.topic("nem")
    bed.streams["fresh"] = f"metrics: [power], topic: {topic}2"
    bed.write_config()
    bed.call("reload")
    bed.moves("fresh")
    bed.streams = {"other": f"metrics: [power], topic: {topic}"}
    bed.write_config()
    assert f"topic {topic} holds JSON records" in bed.call("reload", code=78)
    bed.stop()


def test_the_list_of_facilities_keeps_its_format_over_a_restart(make, shared_registry):
    bed = make(shared_registry)
    topic = bed.topics + ".list"
    bed.extra = {"facilities": {"enabled": True, "format": "avro", "topic": topic}}
    bed.leads()
    bed.daemon.wait_until(lambda: read_raw(bed.bootstrap, [topic]), 60)
    bed.stop()
    (bed.path / "schemas.json").unlink()
    bed.streams = {"plain": "metrics: [power], record: {format: json}"}
    bed.extra = {"facilities": {"enabled": True, "format": "json", "topic": topic}}
    before = len(read_raw(bed.bootstrap, [topic]))
    bed.leads()
    bed.moves("plain")
    bed.waits_for(f"topic {topic} holds Avro records")
    bed.stop()
    assert len(read_raw(bed.bootstrap, [topic])) == before


def test_records_of_others_in_the_topic_hold_up_nobody_and_one_under_our_key_that_is_damaged_is_told(make, shared_registry):
    bed = make(shared_registry).leads()
    bed.moves("nem")
    bed.stop()
    topic = bed.topic("nem")
    framed = b"\0\0\0\x7f\x7fsomething"
    send_transaction(bed.bootstrap, topic, [("not-ours", framed), ("v1|WEM|5m|price||2026-01-01T00:00:00+08:00", framed),
                                            ("not-ours", "{}"), (None, framed)], commit=True)
    bed.write_config()
    bed.call(*OLDER)
    assert "progress and data topics fit" in bed.run("verify")
    refresh = [*OLDER, "--refresh"]
    count = len(bed.raw())  # by now the last transaction's markers are in every partition
    bed.call(*refresh)
    assert len(bed.raw()) == count
    bed.leads()
    bed.moves("nem")
    bed.stop()
    # Of ours: cut, of an unknown schema, at an absurd instant.
    key, value = next((key, value) for _, key, value in bed.raw() if key and b"power|region=NSW1|2026-03-01T07:00" in key)
    absurd = value[:5] + b"\xfe" * 8 + b"\x01" + value[13:]
    send_transaction(bed.bootstrap, topic, [(key, value[:-9]), (key, framed), (key, absurd)], commit=True)
    said = bed.run("verify", code=1)
    assert "3 record(s) under keys of these streams that cannot be read" in said
    before = len(bed.raw())
    assert "cannot be read, so what was published cannot be told" in bed.call(*refresh, code=78)
    assert len(bed.raw()) == before


def test_a_backfill_without_a_daemon_says_that_the_registry_is_away(make, registry):
    bed = make(registry).leads()
    bed.moves("nem")
    bed.stop()
    (bed.path / "schemas.json").unlink()
    registry.pause()
    bed.write_config()
    assert "set apart" in bed.call("run", "--once", code=1)
    begun = time.monotonic()
    said = bed.call("backfill", "--stream", "nem", "--from", "2026-03-09T06:00:00", "--to", "2026-03-09T10:00:00", "--yes", code=1)
    assert "schema registry" in said and time.monotonic() - begun < 60


def test_a_registry_that_cannot_be_used_is_found_by_check_config_and_ends_nothing(make, shared_registry, tmp_path):
    bed = make(shared_registry, {"plain": "metrics: [power], record: {format: json}"})
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    bed.extra = {"schema_registry": {"url": "https://127.0.0.1:1/x", "ca_file": str(bad)}}
    bed.write_config()
    assert "schema_registry.url" in bed.call("check-config", code=78)
