"""Gaps that fill when nothing reads them any more but their own retries: the daemon against simulator and real Kafka."""

import re

from oracle_check import check, served_points
from parts import BINARIES, Clock, start_simulator
from progress_bed import KEY, Bed

# Half a simulated hour in a second.
SPEED = 1800
START = "2026-03-10T02:00:00Z"


def schedule(give_up: str) -> dict:
    return {"schedule": {"gap_retry": "2h", "gap_give_up": give_up}}


def ranges(member: dict, given_up: bool) -> set:
    return {(gap["from"], gap["to"]) for gap in member["gaps"] if ("given_up_at" in gap) is given_up}


def test_a_gap_that_fills_behind_the_horizon_is_published_and_an_old_one_is_given_up(bootstrap, tmp_path):
    clock = Clock(START, SPEED)
    log = tmp_path / "served"
    # Holes of half an hour in one series: two in five are filled hours later, the others never.
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--rate-limit", "off", "--served-log", str(log), "--holes",
                                     "0.3", "--late", "0", "--outages", "0")
    streams = {"wind": "metrics: [power], fueltech: wind, network_region: SA1, re_read: [1h]"}
    bed = Bed(tmp_path, bootstrap, api, clock, streams, start="2026-03-10T06:00:00", extra=schedule("30d"))
    try:
        bed.start(until={"wind": "2026-03-10T13:00:00+10:00"})
        seen = set()

        def filled() -> set:
            member = bed.member("wind")
            now = ranges(member, given_up=False)
            seen.update(now)
            return {gap for gap in seen if not any(gap[0] < end and begin < gap[1] for begin, end in now)}

        bed.daemon.wait_until(lambda: len(filled()) >= 3, 90)
        done = filled()
        said = bed.daemon.log.read_text(encoding="utf-8")
        bed.stop()
        assert "gaps are asked for again" in said
        records = bed.records()
        for begin, _ in done:
            late = [record for record in records if record["interval"].startswith(begin[:16])]
            assert len(late) == 1 and late[0]["revision"] == 0 and "backfill" not in late[0], (begin, late)
        report = check([(r["topic"], r["key"], r["text"]) for r in records], served_points(log), bed.progress())
        for fault in ("lost", "repeated", "wrong", "unserved", "bad_version"):
            assert not report[fault], (fault, report[fault][:5])

        still_open = ranges(bed.member("wind"), given_up=False)
        assert still_open
        bed.extra = schedule("1h")
        bed.start()
        bed.daemon.wait_until(lambda: ranges(bed.member("wind"), given_up=True), 60)
        bed.daemon.wait_until(lambda: bed.status()["streams"][0]["given_up_gaps"] > 0, 30)  # told with the next poll
        assert re.search(r"gap in wind/power: .* given up", bed.run("show"))
        bed.stop()
    finally:
        if bed.daemon:
            bed.daemon.kill()
        simulator.stop()
