"""The checker itself: it must find what is wrong, and excuse nothing that the records do not prove."""

import json

from oracle_check import check

PROGRESS = {"streams": {"s": {"power": {"start": "1970-01-01T00:00:00+00:00", "position": "1970-01-01T00:15:00+00:00"}}}}


def served(*answers):
    """answers: (region, minute, text, second of serving)."""
    found = {}
    for region, minute, text, second in answers:
        found.setdefault(("NEM", "5m", "power", f"region={region}", minute * 60), []).append((text, float(second)))
    return found


def record(region, minute, text, second, version):
    key = f"v1|NEM|5m|power|region={region}|1970-01-01T00:{minute:02d}:00+00:00"
    value = json.dumps({"stream": "s", "metric": "power", "revision": 0, "version": version,
                        "fetched_at": f"1970-01-01T00:00:{second:02d}.500Z"})
    return "t", key, value[:-1] + f', "power": {text}, "value": {text}}}'


def test_everything_served_and_held_once_is_right():
    report = check([record("A", 5, "1.50", 10, 1), record("B", 5, "2", 10, 2)],
                   served(("A", 5, "1.50", 10), ("B", 5, "2", 10)), PROGRESS)
    assert report == {"records": 2, "expected": 2, "late": 0, "lost": [], "repeated": [], "wrong": [], "unserved": [],
                      "bad_version": []}


def test_a_missing_point_is_lost():
    report = check([record("A", 5, "1", 10, 1)], served(("A", 5, "1", 10), ("B", 5, "2", 10)), PROGRESS)
    assert len(report["lost"]) == 1 and report["late"] == 0


def test_a_point_served_only_after_its_label_was_committed_is_late():
    report = check([record("A", 5, "1", 10, 1)], served(("A", 5, "1", 10), ("B", 5, "2", 20)), PROGRESS)
    assert not report["lost"] and report["late"] == 1


def test_a_point_served_in_the_answer_that_was_committed_is_never_late():
    report = check([record("A", 10, "3", 20, 1)], served(("A", 10, "3", 20), ("B", 5, "2", 20)), PROGRESS)
    assert len(report["lost"]) == 1 and report["late"] == 0


def test_a_point_held_twice_a_changed_digit_an_invented_point_and_a_reused_version_are_found():
    once = record("A", 5, "1.50", 10, 1)
    points = served(("A", 5, "1.50", 10))
    assert check([once, record("A", 5, "1.50", 10, 2)], points, PROGRESS)["repeated"]
    assert check([record("A", 5, "1.5", 10, 1)], points, PROGRESS)["wrong"]
    assert check([once, record("B", 5, "1", 10, 2)], points, PROGRESS)["unserved"]
    assert check([once, record("A", 10, "1", 10, 1)], served(("A", 5, "1.50", 10), ("A", 10, "1", 10)), PROGRESS)["bad_version"]
