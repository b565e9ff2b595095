"""The checker itself: it must find what is wrong, and excuse nothing."""

import json

from oracle_check import check

PROGRESS = {"streams": {"s": {"power": {"start": "1970-01-01T00:00:00+00:00", "position": "1970-01-01T00:15:00+00:00"}}}}


def served(*answers):
    """answers: (region, minute, text, second of serving)."""
    found = {}
    for region, minute, text, second in answers:
        found.setdefault(("NEM", "5m", "power", f"region={region}", minute * 60), []).append((text, float(second)))
    return found


def record(region, minute, text, second, version, revision=0):
    key = f"v1|NEM|5m|power|region={region}|1970-01-01T00:{minute:02d}:00+00:00"
    value = json.dumps({"stream": "s", "metric": "power", "revision": revision, "version": version,
                        "fetched_at": f"1970-01-01T00:00:{second:02d}.500Z"})
    return "t", key, value[:-1] + (f', "power": {text}, "value": {text}}}' if text else ', "value": null}')


def faults_of(report):
    return {name for name, found in report.items() if isinstance(found, list) and found}


def test_everything_served_and_held_once_is_right():
    report = check([record("A", 5, "1.50", 10, 1), record("B", 5, "2", 10, 2)],
                   served(("A", 5, "1.50", 10), ("B", 5, "2", 10)), PROGRESS)
    assert report == {"records": 2, "expected": 2, "revised": 0, "lost": [], "repeated": [], "wrong": [], "unserved": [],
                      "bad_version": [], "stale": []}


def test_changes_in_their_order_are_right_and_one_that_a_kill_kept_from_the_daemon_may_be_missing():
    points = served(("A", 5, "1", 10), ("A", 5, "2", 20), ("A", 5, None, 30), ("A", 5, "4", 40))
    report = check([record("A", 5, "1", 10, 1), record("A", 5, None, 30, 2, 1), record("A", 5, "4", 40, 3, 2)], points, PROGRESS)
    assert not faults_of(report) and report["revised"] == 2


def test_a_missing_point_is_lost():
    report = check([record("A", 5, "1", 10, 1)], served(("A", 5, "1", 10), ("B", 5, "2", 10)), PROGRESS)
    assert faults_of(report) == {"lost"}


def test_what_was_served_after_the_newest_record_may_not_have_been_seen():
    report = check([record("A", 5, "1", 10, 1)], served(("A", 5, "1", 10), ("B", 5, "2", 20)), PROGRESS)
    assert not faults_of(report)


def test_a_change_that_was_passed_over_is_stale():
    points = served(("A", 5, "1", 10), ("A", 5, "2", 20), ("B", 5, "7", 30))
    assert faults_of(check([record("A", 5, "1", 10, 1), record("B", 5, "7", 30, 2)], points, PROGRESS)) == {"stale"}


def test_changes_in_the_wrong_order_a_hole_in_the_revisions_and_a_change_that_is_none_are_found():
    points = served(("A", 5, "1", 10), ("A", 5, "2", 20))
    first = record("A", 5, "1", 10, 1)
    assert "wrong" in faults_of(check([record("A", 5, "2", 20, 1), record("A", 5, "1", 10, 2, 1)], points, PROGRESS))
    assert "lost" in faults_of(check([first, record("A", 5, "2", 20, 2, 2)], points, PROGRESS))
    assert "repeated" in faults_of(check([first, record("A", 5, "1.0", 20, 2, 1)], points, PROGRESS))
    assert "bad_version" in faults_of(check([record("A", 5, "1", 10, 5), record("A", 5, "2", 20, 4, 1)], points, PROGRESS))


def test_a_point_held_twice_a_changed_digit_an_invented_point_and_a_reused_version_are_found():
    once = record("A", 5, "1.50", 10, 1)
    points = served(("A", 5, "1.50", 10))
    assert check([once, record("A", 5, "1.50", 10, 2)], points, PROGRESS)["repeated"]
    assert check([record("A", 5, "1.5", 10, 1)], points, PROGRESS)["wrong"]
    assert check([once, record("B", 5, "1", 10, 2)], points, PROGRESS)["unserved"]
    assert check([once, record("A", 10, "1", 10, 1)], served(("A", 5, "1.50", 10), ("A", 10, "1", 10)), PROGRESS)["bad_version"]
