"""Facility series and the list of facilities: the daemon against simulator and a real Kafka."""

import json
import time
import urllib.request

import pytest

from kafka_io import read_all
from oracle_check import check, served_points
from parts import BINARIES, Clock, start_simulator
from progress_bed import KEY, Bed

# Five simulated minutes in half a second.
SPEED = 600
START = "2026-03-10T02:00:00Z"
LIST = {"enabled": True, "every": "30m", "tombstones": True}


class World:
    def __init__(self, folder, *options):
        self.clock = Clock(START, SPEED)
        self.log = folder / "served"
        self.simulator, self.api = start_simulator(BINARIES, folder, self.clock, KEY, "--rate-limit", "off",
                                                   "--served-log", str(self.log), *options)

    def answers(self, path: str) -> list:
        """Served so far, the last line perhaps half written left out."""
        lines = self.log.read_text(encoding="utf-8").splitlines(keepends=True)
        return [answer for line in lines if line.endswith("\n") and path in (answer := json.loads(line))["request"]]

    def note(self, unit: str, what: str):
        """The list says something else of a unit from now on."""
        url = self.api.replace("/v4", f"/_sim/units?unit={unit}&{what}")
        urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=5).close()

    def units(self, network=None) -> set:
        request = urllib.request.Request(self.api + "/facilities/", headers={"Authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            listed = json.load(answer)["data"]
        return {(facility["code"], unit["code"]) for facility in listed for unit in facility["units"]
                if network in (None, facility["network_id"])}


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path, "--no-cache")
    yield made
    made.simulator.stop()


def wait_until(what, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.1)


def test_unit_series_of_the_whole_nem_are_published_once_through_kills(world, bootstrap, tmp_path):
    bed = Bed(tmp_path, bootstrap, world.api, world.clock,
              {"units": "facility_code: all, metrics: [power, energy]",
               "wind": "facility_code: all, fueltech: wind, network_region: VIC1, metrics: emissions"},
              start="2026-03-10T10:00:00")
    try:
        bed.start(until={"units": "2026-03-10T14:00:00+10:00"})
        for _ in range(3):
            bed.daemon.kill()
            bed.go_on()
        # A last start reads the whole horizon again, so that nothing that was served before went unseen.
        bed.stop()
        before = bed.progress()["sequence"]
        bed.start()
        bed.daemon.wait_until(lambda: bed.progress()["sequence"] > before + 6, 60)
        assert "units/power" in bed.run("verify")
        bed.stop()
    finally:
        if bed.daemon:
            bed.daemon.kill()
    records = read_all(bootstrap, [f"{bed.name}.units", f"{bed.name}.wind"], 60)
    report = check(records, served_points(world.log), bed.progress())
    # `wind` is a choice among what its facilities have: what it leaves out is not lost.
    report["lost"] = [lost for lost in report["lost"] if lost[0] != "wind"]
    print({name: len(found) if isinstance(found, list) else found for name, found in report.items()})
    assert report["records"] > 9_000
    for fault in ("lost", "repeated", "wrong", "unserved", "bad_version", "stale"):
        assert not report[fault], (fault, report[fault][:5])
    values = [json.loads(text) for _, _, text in records]
    listed = world.units("NEM")
    named = {(value["facility_code"], value["unit_code"]) for value in values if value["stream"] == "units"}
    assert named <= listed and len(named) > 100
    chosen = {value["unit_code"] for value in values if value["stream"] == "wind"}
    assert chosen == {"MACARTH1", "VIC1_WIND_1", "VIC1_WIND_2"}
    assert not [answer for answer in world.answers("/data/facilities/") if "facility_code=" not in answer["request"]]
    assert not [answer for answer in world.answers("/data/facilities/") if "LIDDELL" in answer["request"]]


def test_the_list_is_published_once_and_then_what_changes(world, bootstrap, tmp_path):
    topic = f"list-{time.time_ns()}"
    bed = Bed(tmp_path, bootstrap, world.api, world.clock, {"nem": "metrics: [power]"}, start="2026-03-10T11:00:00",
              extra={"facilities": LIST | {"topic": topic}})

    def published() -> list:
        return read_all(bootstrap, [topic], 30)

    def read_again(times: int = 2):
        seen = len(world.answers("/facilities/"))
        wait_until(lambda: len(world.answers("/facilities/")) >= seen + times)

    try:
        listed = world.units()
        bed.start(until={"nem": "2026-03-10T12:00:00+10:00"})
        wait_until(lambda: len(published()) >= len(listed))
        read_again()
        first = published()
        assert {tuple(key.split("|")[2:]) for _, key, _ in first} == listed and len(first) == len(listed)
        assert all(json.loads(text)["version"] for _, _, text in first)
        world.note("BW01", "status=retired")
        read_again()
        changed = published()
        assert len(changed) == len(first) + 1
        newest = max((json.loads(text) for _, _, text in changed), key=lambda value: value["version"])
        assert (newest["unit_code"], newest["status"]) == ("BW01", "retired")
        world.note("BW02", "listed=false")
        read_again()
        gone = [(key, text) for _, key, text in published()]
        assert len(gone) == len(changed) + 1 and ("v1|facility|BAYSW|BW02", None) in gone
        bed.daemon.kill()
        bed.start()
        read_again()
        assert len(published()) == len(gone)  # what is remembered came back with progress
        assert "facilities list" in json.dumps(bed.status())
        assert "nem/power" in bed.run("verify")
        bed.stop()
    finally:
        if bed.daemon:
            bed.daemon.kill()
    policy = bed.topic_setting(topic, "cleanup.policy")
    assert policy == "compact"
