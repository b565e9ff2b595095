"""The checker of sequences itself: it must find what is wrong, and excuse only what it says it excuses."""

import json

import pytest
from sequence_check import Stream, check_sequences

LONG = Stream("s", "NEM", ("power",), provisional=True)
WIDE = Stream("s", "NEM", ("power", "energy"), wide=True)
DAY = 86400


def answer(second, **metrics):
    """One answer at 1970-01-01T00:00:00Z + second; per metric the values of 00:05, 00:10, …"""
    blocks = [{"network_code": "NEM", "metric": metric, "unit": "x", "interval": "5m",
               "series": [{"columns": {"region": "A"}, "first": "1970-01-01T00:05:00+00:00", "step": 300, "values": values}]}
              for metric, values in metrics.items()]
    return {"at": f"1970-01-01T{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}Z", "status": 200, "blocks": blocks}


def record(minute, revision, second, provisional=False, metric="power", **numbers):
    key = f"v1|NEM|5m|{metric}|region=A|1970-01-01T00:{minute:02}:00+00:00"
    value = {"stream": "s", "revision": revision, "provisional": provisional, **numbers,
             "fetched_at": f"1970-01-01T{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}.500Z"}
    return "t", key, json.dumps(value)


def faults(tmp_path, answers, records, stream=LONG, stopped=DAY):
    log = tmp_path / "served"
    log.write_text("".join(json.dumps(one) + "\n" for one in answers), encoding="utf-8")
    report = check_sequences(records, log, stream, 0, stopped)
    return {name for name in ("wrong", "invented", "provisional") if report[name]}


def test_the_whole_sequence_in_its_order_is_right(tmp_path):
    answers = [answer(400, power=["1.0", None]), answer(700, power=["1.00", "2"]), answer(1000, power=[None, "2"])]
    records = [record(5, 0, 400, value=1.0), record(10, 0, 700, True, value=2.0), record(5, 1, 1000, value=None)]
    assert faults(tmp_path, answers, records) == set()


@pytest.mark.parametrize("kept", [(0, 1), (0, 2), (1, 2)])
def test_a_change_left_out_is_found(tmp_path, kept):
    answers = [answer(400, power=["1"]), answer(700, power=["2"]), answer(1000, power=["1"])]
    records = [record(5, 0, 400, True, value=1), record(5, 1, 700, True, value=2), record(5, 2, 1000, True, value=1)]
    assert faults(tmp_path, answers, records) == set()
    assert "wrong" in faults(tmp_path, answers, [records[place] for place in kept])


def test_a_point_left_out_one_invented_and_one_too_many_are_found(tmp_path):
    answers = [answer(400, power=["1"])]
    once = record(5, 0, 400, True, value=1)
    assert faults(tmp_path, answers, []) == {"wrong"}
    assert "invented" in faults(tmp_path, answers, [once, record(15, 0, 400, value=1)])
    assert "wrong" in faults(tmp_path, answers, [once, record(5, 1, 400, True, value=1)])


def test_a_wrong_flag_is_found_either_way(tmp_path):
    answers = [answer(700, power=["1", "2"])]
    right = [record(5, 0, 700, value=1), record(10, 0, 700, True, value=2)]
    assert faults(tmp_path, answers, right) == set()
    assert faults(tmp_path, answers, [right[0], record(10, 0, 700, False, value=2)]) == {"provisional"}
    assert faults(tmp_path, answers, [record(5, 0, 700, True, value=1), right[1]]) == {"provisional"}


def test_only_what_was_served_about_the_stop_may_be_missing(tmp_path):
    answers = [answer(400, power=["1"]), answer(4000, power=["2"])]
    once = [record(5, 0, 400, True, value=1)]
    assert faults(tmp_path, answers, once, stopped=4100) == set()
    assert faults(tmp_path, answers, once, stopped=4000 + 3600) == {"wrong"}


def test_wide_a_column_that_comes_later_is_a_change_of_the_record(tmp_path):
    answers = [answer(400, power=["1"], energy=[None]), answer(700, power=["1.0"], energy=["0.1"])]
    records = [record(5, 0, 400, metric="*", power=1), record(5, 1, 700, metric="*", power=1, energy=0.1)]
    assert faults(tmp_path, answers, records, WIDE) == set()
    assert faults(tmp_path, answers, records[:1], WIDE) == {"wrong"}
    assert faults(tmp_path, answers, [records[0], record(5, 1, 700, metric="*", energy=0.1)], WIDE) == {"wrong"}
