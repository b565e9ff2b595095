"""The configuration is read again while the daemon runs: all of it or nothing, no cycle lost, no leadership given up."""

import os
import re
import signal
import subprocess

import pytest
from http_status import ask
from kafka import free_port
from parts import BINARIES
from progress_bed import KEY, Bed, calm_world, nothing_lost, repeats



@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with calm_world(tmp_path_factory.mktemp("reload")) as one:
        yield one


@pytest.fixture
def make(tmp_path, bootstrap, world):
    beds = []

    def made(streams=None, **options) -> Bed:
        options = {"bootstrap": bootstrap, "clock": world["clock"], "start": "2026-03-10T06:00:00", **options}
        beds.append(Bed(tmp_path, api=world["api"], streams=dict(streams or {"nem": "metrics: [power]"}), **options))
        return beds[-1]

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def series_of(bed, stream: str) -> list:
    return [line for line in ask(bed.port, "/metrics")[1].splitlines() if f'stream="{stream}"' in line]


def differs(bed) -> str:
    return re.search(r"^openelectricity_config_differs\{[^}]*\} (\d)$", ask(bed.port, "/metrics")[1], re.MULTILINE)[1]


def reload(bed, text=None, code=0) -> str:
    bed.write_config(text)
    return bed.call("reload", code=code)


def test_streams_come_go_and_come_back_and_no_record_is_lost_or_doubled(make, world):
    bed = make({"nem": "metrics: [power]", "old": "metrics: [energy]"}).leads()
    bed.moves("nem")
    generation = bed.progress()["generation"]
    assert series_of(bed, "old")
    bed.streams = {"nem": "metrics: [power], trigger: 10m", "wem": "network_code: WEM, metrics: [power]"}
    said = reload(bed)
    assert "streams added: wem; streams removed: old; stream nem: trigger" in said
    bed.moves("nem", "wem")
    shown = {one["stream"] for one in bed.status()["streams"]}
    assert shown == {"nem", "wem"}
    assert not series_of(bed, "old") and series_of(bed, "wem")
    stood = bed.position("old", "energy")
    bed.streams["old"] = "metrics: [energy]"
    reload(bed)
    bed.daemon.wait_until(lambda: bed.position("old", "energy") > stood, 60)
    assert series_of(bed, "old")
    assert bed.progress()["generation"] == generation  # leadership was never given up
    bed.stop()
    assert not repeats(bed.records())
    nothing_lost(bed, world["served"])


def test_a_refused_file_changes_nothing_and_every_reason_is_told(make):
    bed = make().leads()
    good = bed.config()
    bed.streams = {"nem": "metrics: [power], interval: 1h", "wem": "network_code: WEM"}
    said = reload(bed, code=78)
    assert "stream nem: interval cannot change under the same name" in said
    bed.streams = {"nem": "metrics: [power], triger: 5m"}
    assert "unknown key" in reload(bed, code=78)
    said = reload(bed, good.replace('"session_timeout": "1s"', '"session_timeout": "2s"'), code=78)
    assert "kafka.session_timeout cannot change while the daemon runs: restart it" in said
    shown = bed.status()
    assert [one["stream"] for one in shown["streams"]] == ["nem"]
    assert shown["config"]["refused"] and "kafka.session_timeout" in shown["config"]["outcome"]
    assert "kafka.session_timeout" in shown["config"]["differs"]
    bed.moves("nem")
    assert "nothing has changed" in reload(bed, good)
    assert bed.status()["config"]["differs"] == "" and not bed.status()["config"]["refused"]
    bed.stop()


def test_B_a_stream_that_is_renamed_in_the_file_alone_is_refused_and_stopped_and_goes_on_once_its_progress_is_too(make):
    bed = make({"old": "metrics: [power]"}).leads()
    bed.moves("old")
    bed.streams = {"new": f"metrics: [power], topic: {bed.topics}.old"}
    said = reload(bed, code=78)
    assert "stream 'new' is what stream 'old' was" in said and "progress rename --from old --to new" in said
    bed.moves("old")
    bed.stop()
    bed.start()
    bed.daemon.wait_until(lambda: "is what stream 'old' was" in (ask(bed.port, "/readyz") or (0, ""))[1])
    bed.stop()
    bed.call("progress", "rename", "--from", "old", "--to", "new", "--reason", "renamed")
    bed.leads()
    bed.moves("new")
    bed.stop()
    assert repeats(bed.records("old")) == []


def test_SIGHUP_reloads_and_a_file_that_differs_is_shown_before(make):
    bed = make().leads()
    bed.streams["wem"] = "network_code: WEM, metrics: [power]"
    bed.write_config()
    bed.daemon.wait_until(lambda: bed.status()["config"]["differs"] == "streams added: wem", 60)
    assert "File differs" in ask(bed.port, "/")[1] and "streams added: wem" in ask(bed.port, "/")[1]
    assert differs(bed) == "1"
    os.kill(bed.daemon.process.pid, signal.SIGHUP)
    bed.moves("wem")
    bed.daemon.wait_until(lambda: bed.status()["config"]["differs"] == "", 60)
    assert "File differs" not in ask(bed.port, "/")[1]
    assert differs(bed) == "0"
    bed.stop()


def test_level_and_plan_are_taken_over_and_act(make):
    bed = make().leads()
    bed.moves("nem")
    assert "asked the API" not in bed.log()
    bed.extra = {"log": {"level": "debug"}}
    assert "reloaded: log.level" in reload(bed)
    bed.daemon.wait_until(lambda: "asked the API" in bed.log(), 60)
    assert bed.status()["plan"] == "ENTERPRISE" and bed.status()["credits_per_day"] is None
    bed.extra = {"budget": {"plan": "COMMUNITY", "requests_per_second": 1000}}
    reload(bed)
    bed.moves("nem")
    told = bed.log().count("asked the API")
    bed.moves("nem")
    assert bed.log().count("asked the API") == told
    assert bed.status()["plan"] == "COMMUNITY" and bed.status()["credits_per_day"] > 0
    bed.stop()


def test_a_standby_follows_and_leads_by_the_new_file(make):
    bed = make().leads()
    other = make(name=bed.name, topics=bed.topics)
    other.start()
    other.daemon.wait_until(lambda: other.told().get("role") == "standby", 60)
    for one in (bed, other):
        one.streams["wem"] = "network_code: WEM, metrics: [power]"
        assert "streams added: wem" in reload(one)
    bed.daemon.kill()
    bed.daemon = None
    other.daemon.wait_until(lambda: other.told().get("role") == "leading", 60)
    other.moves("nem", "wem")
    other.stop()
    assert not repeats(other.records())


def backfill(bed, stream: str, since: str) -> subprocess.Popen:
    """One that runs."""
    command = [BINARIES / "openelectricity-stream", "backfill", "--stream", stream, "--from", since, "--to",
               "2026-03-10T06:00:00", "--reason", "a test", "--yes", "--config", bed.folder / "openelectricity-stream.yaml"]
    filling = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    bed.daemon.wait_until(lambda: bed.status()["backfill"], 60)
    return filling


def test_a_backfill_whose_stream_is_taken_out_ends_and_says_so(make):
    bed = make({"nem": "metrics: [power]", "old": "metrics: [energy]"}).leads()
    bed.daemon.wait_until(lambda: bed.position("old", "energy"), 60)
    filling = backfill(bed, "old", "2025-06-01")
    bed.streams = {"nem": "metrics: [power]"}
    assert "streams removed: old" in reload(bed)
    out, _ = filling.communicate(timeout=60)
    assert filling.returncode != 0 and "names no stream 'old'" in out, out
    bed.daemon.wait_until(lambda: not bed.status()["backfill"], 60)
    bed.moves("nem")
    bed.stop()


def test_a_backfill_goes_on_through_a_reload(make, world):
    bed = make().leads()
    bed.moves("nem")
    filling = backfill(bed, "nem", "2026-03-01")
    bed.streams["wem"] = "network_code: WEM, metrics: [power]"
    reload(bed)
    bed.moves("wem")
    out, _ = filling.communicate(timeout=120)
    assert filling.returncode == 0, out
    bed.stop()
    assert not repeats(bed.records())
    nothing_lost(bed, world["served"])


def test_the_endpoint_moves_and_a_port_that_is_taken_stops_no_data(make):
    bed = make().leads()
    taken = make(name="taken" + bed.name)
    taken.port = bed.port  # served by the other one
    taken.start()
    taken.daemon.wait_until(lambda: taken.progress() and taken.progress()["streams"], 60)
    taken.moves("nem")
    assert "cannot listen on 127.0.0.1" in taken.call("status")
    taken.port = free_port()
    assert "reloaded: http.listen" in reload(taken)
    taken.daemon.wait_until(lambda: taken.told().get("deployment") == taken.name, 60)
    for one in (bed, taken):
        one.stop()


def test_the_endpoint_moves_though_a_stream_changes_in_the_same_file(make):
    bed = make().leads()
    before, bed.port = bed.port, free_port()
    bed.streams["nem"] = "metrics: [power], trigger: 10m"
    assert "http.listen" in reload(bed)
    bed.daemon.wait_until(lambda: bed.told().get("deployment") == bed.name, 60)
    bed.daemon.wait_until(lambda: ask(before, "/livez") is None, 60)
    bed.stop()


def test_a_relative_start_of_a_new_stream_is_kept_although_nothing_could_be_read_yet(make):
    bed = make().leads()
    bed.streams["wem"] = "network_code: WEM, metrics: [power], start: -48h"
    reload(bed)
    assert bed.member("wem")["start"]
    bed.stop()


class KeyFileBed(Bed):
    """Its key comes from a file."""

    def sections(self) -> dict:
        return {**super().sections(), "api": {"api_key_file": f"{self.folder}/key"}}


def test_a_corrected_key_is_used_at_once(tmp_path, bootstrap, world):
    bed = KeyFileBed(tmp_path, bootstrap, world["api"], world["clock"], {"nem": "metrics: [power]"}, start="2026-03-10T06:00:00")
    try:
        (bed.folder / "key").write_text("a-wrong-key-0123456789\n", encoding="utf-8")
        bed.start().daemon.wait_until(lambda: any(one["state"] == "bad_key" for one in bed.told().get("streams", [])), 60)
        (bed.folder / "key").write_text(KEY + "\n", encoding="utf-8")
        assert "reloaded: api.api_key" in bed.call("reload")
        bed.daemon.wait_until(lambda: bed.progress() and bed.position("nem"), 60)
        bed.moves("nem")
        bed.daemon.wait_until(lambda: bed.told().get("health", {}).get("level") == "ok", 60)
        bed.stop()
    finally:
        if bed.daemon:
            bed.daemon.kill()


def test_a_key_behind_symbolic_links_is_changed_as_kubernetes_does_it(tmp_path, bootstrap, world):
    """`key` leads to `..data/key`, and `..data` to a folder with a date, which another one takes the place of."""
    bed = KeyFileBed(tmp_path, bootstrap, world["api"], world["clock"], {"nem": "metrics: [power]"}, start="2026-03-10T06:00:00")
    for folder, key in (("..monday", "a-wrong-key-0123456789"), ("..tuesday", KEY)):
        (bed.folder / folder).mkdir()
        (bed.folder / folder / "key").write_text(key + "\n", encoding="utf-8")
    (bed.folder / "..data").symlink_to("..monday")
    (bed.folder / "key").symlink_to("..data/key")
    try:
        bed.start().daemon.wait_until(lambda: any(one["state"] == "bad_key" for one in bed.told().get("streams", [])), 60)
        (bed.folder / "..data_tmp").symlink_to("..tuesday")
        (bed.folder / "..data_tmp").rename(bed.folder / "..data")
        assert "reloaded: api.api_key" in bed.call("reload")
        bed.daemon.wait_until(lambda: bed.progress() and bed.position("nem"), 60)
        bed.stop()
    finally:
        if bed.daemon:
            bed.daemon.kill()


def test_a_metric_that_is_taken_out_leaves_the_status(make):
    bed = make({"nem": "metrics: [power, energy]"}).leads()
    bed.daemon.wait_until(lambda: bed.position("nem", "energy"), 60)
    bed.streams["nem"] = "metrics: [power]"
    assert "stream nem: metrics" in reload(bed)
    assert {one["metric"] for one in bed.status()["streams"]} == {"power"}
    bed.moves("nem")
    bed.stop()
