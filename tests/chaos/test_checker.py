"""The checker itself: on a small clean history it says nothing, and each rule catches what breaks it."""

import json

import pytest

from checked_world import MEMBER, SHAPES, World, label
from harness.crawls import crawls
from harness.progress_records import Members, read_cells
from harness.ranges import instant
from harness.served import Point


def test_a_clean_history_breaks_no_rule():
    assert World().broken() == {}


def test_revisions_that_follow_what_was_served_break_no_rule():
    world = World()
    world.serve([10, 21, 30, None], world.clock)
    world.transaction(4, [(1, 1, 21), (3, 1, None)], covered=4)
    assert world.broken() == {}


def test_a_covered_point_that_is_not_there_is_lost():
    world = World()
    del world.data[1]
    assert "lost" in world.broken()


def test_the_last_served_value_must_stand_within_the_look_back():
    world = World()
    world.serve([10, 20, 30, 41], world.clock)
    assert set(world.broken()) == {"lost"}
    assert world.broken(ledger=False) == {}
    assert world.broken(look_back=0) == {}


def test_before_the_ledger_a_point_first_served_after_its_label_was_committed_is_only_late():
    world = World()
    del world.data[1]
    world.served.clear()
    world.serve([10, None, 30, 40])
    world.serve([10, 20, 30, 40], world.clock)
    assert world.broken(ledger=False) == {}
    assert "lost" in world.broken()


def test_the_same_revision_twice_is_repeated():
    world = World()
    world.transaction(4, [(1, 0, 20)], covered=4)
    assert "repeated" in world.broken()


def test_the_same_number_as_the_next_revision_is_repeated():
    world = World()
    world.transaction(4, [(1, 1, 20.0)], covered=4)
    assert "repeated" in world.broken()


def test_a_revision_left_out_breaks_the_order():
    world = World()
    world.serve([10, 21, 30, 40], world.clock)
    world.transaction(4, [(1, 2, 21)], covered=4)
    assert set(world.broken()) == {"order"}


def test_values_in_another_order_than_served_break_the_order():
    world = World()
    world.served.clear()
    world.serve([10, 21, 30, 40])
    world.serve([10, 20, 30, 40], world.clock - 50_000)
    world.transaction(4, [(1, 1, 21)], covered=4)
    assert "order" in world.broken(ledger=False)


def test_a_value_that_was_never_served_is_wrong():
    world = World()
    world.change(1, value=22)
    assert "value" in world.broken(ledger=False)


def test_a_point_that_was_never_served_is_wrong():
    world = World()
    world.transaction(4, [(4, 0, 50)], covered=5)
    assert "value" in world.broken()


def test_a_version_twice_or_above_the_progress_record_is_wrong():
    world = World()
    world.change(1, version=1)
    assert "version" in world.broken()
    world = World()
    world.change(3, version=99)
    assert "version" in world.broken()


def test_versions_of_a_key_must_rise():
    world = World()
    world.serve([10, 21, 30, 40], world.clock)
    world.transaction(4, [(1, 1, 21)], covered=4)
    world.change(4, version=2)
    world.change(1, version=5)
    assert "version" in world.broken()


def test_data_of_a_transaction_that_was_not_committed_breaks_the_prefix():
    world = World()
    torn = world.data[3]
    world.data[3] = torn._replace(produced_ms=torn.produced_ms + 5000)
    assert set(world.broken()) == {"prefix"}


def test_data_outside_of_what_its_progress_covers_breaks_the_prefix():
    world = World()
    world.data[2], world.data[0] = world.data[0]._replace(key=world.data[2].key), world.data[2]._replace(key=world.data[0].key)
    assert "prefix" in world.broken()


def test_progress_that_comes_before_its_data_breaks_the_prefix():
    world = World()
    early = json.loads(world.progress[3].value)
    early["covered"] = [[label(0), label(4)]]
    world.progress[3] = world.progress[3]._replace(value=json.dumps(early).encode())
    assert set(world.broken()) == {"prefix"}


def test_a_sequence_left_out_or_twice_is_seen():
    world = World()
    world.transaction(5, covered=4)
    assert "progress" in world.broken()
    world = World()
    world.transaction(3, covered=4)
    assert "progress" in world.broken()


def test_a_transaction_without_begin_record_is_seen():
    world = World()
    del world.progress[4]
    assert "progress" in world.broken()


def test_a_transaction_of_an_instance_that_has_not_claimed_is_seen():
    world = World()
    world.transaction(4, covered=4, instance="two")
    assert "progress" in world.broken()


def test_a_progress_file_that_names_what_was_not_committed_is_ahead():
    world = World()
    world.samples.append((4, world.offset))
    assert set(world.broken()) == {"ahead"}


def asked(begin: str, end: str, **more) -> bytes:
    return json.dumps({"request": f"/v4/data/network/NEM?metrics=power&date_start={begin}&date_end={end}", "status": 200,
                       **more}).encode() + b"\n"


def test_many_good_answers_to_narrow_windows_in_a_row_are_a_crawl():
    narrow = [asked(f"2026-03-10T{hour:02d}:00:00", f"2026-03-10T{hour:02d}:05:00") for hour in range(20)] * 2
    wide = asked("2026-03-10T00:00:00", "2026-03-10T12:00:00")
    assert crawls(narrow) == [("/v4/data/network/NEM?metrics=power", 40)]
    assert crawls(narrow[:20] + [wide] + narrow[20:]) == []
    assert crawls(narrow[:20] + [asked("2026-03-10T00:00:00", "2026-03-10T00:05:00", status=500)] + narrow[20:]) == []


def test_labels_of_a_provisional_edge_are_covered_after_they_are_published():
    world = World()
    world.serve([10, 20, 30, 40, 50], world.clock)
    world.transaction(4, [(4, 0, 50)], covered=4)
    assert "prefix" in world.broken()
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(edge="provisional")}
    assert world.broken() == {}


def test_with_revisions_first_the_first_value_is_enough():
    world = World()
    world.serve([11, 20, 30, 40], world.clock)
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(revisions="first")}
    assert world.broken() == {}
    del world.data[1]
    assert "lost" in world.broken()


def test_a_wide_record_is_held_against_each_of_its_metrics():
    world = World()
    world.shapes = {("prices", "*"): SHAPES[MEMBER]._replace(metrics=("price", "demand"))}
    answer = json.loads(world.served[0])
    answer["blocks"].append({**answer["blocks"][0], "metric": "demand"})
    world.served = [json.dumps(answer).encode() + b"\n"]
    world.progress = [record._replace(key=record.key.replace("|prices|price", "|prices|*")) for record in world.progress]
    for place in range(4):
        world.change(place, demand=10.0 * (place + 1))
        world.data[place] = world.data[place]._replace(key=world.data[place].key.replace("|price|", "|*|"))
    assert world.broken() == {}
    world.change(1, demand=21.0)
    assert set(world.broken()) == {"value", "lost"}


def test_records_of_a_key_in_two_partitions_are_in_the_order_of_their_versions():
    world = World()
    world.serve([10, 21, 30, 40], world.clock)
    world.transaction(4, [(1, 1, 21)], covered=4)
    world.data.insert(0, world.data.pop()._replace(partition=1))
    assert world.broken() == {}


def test_a_compacted_progress_topic_is_asked_only_what_it_can_tell():
    world = World()
    del world.progress[2:4]
    assert "progress" in world.broken()
    assert world.broken(history_whole=False) == {}
    del world.data[3]
    assert set(world.broken(history_whole=False)) == {"lost"}


def test_labels_of_a_month_are_read_in_every_form():
    assert read_cells("c3.2sA2") == [1, 1, 1, 0, 0, 2, 3, 3]
    assert read_cells("(cs2)2c") == [1, 2, 2, 1, 2, 2, 1]
    assert read_cells("2:V") == [1, 1, 1]
    with pytest.raises(ValueError):
        read_cells("c3?")


def test_members_and_their_months_tell_what_is_covered():
    members = Members()
    assert members.apply(["month", "a", "price", "2026-03"], {"labels": "c2.c"}) is None
    member, ranges = members.apply(["member", "a", "price"], {"start": "2026-03-01T00:00:00+10:00"})
    begin = instant("2026-03-01T00:00:00+10:00")
    assert (member, ranges.pairs) == (("a", "price"), [(begin, begin + 600), (begin + 900, begin + 1200)])
    assert members.apply(["month", "a", "price", "2026-03"], None)[1].pairs == []


def test_point_keeps_when_each_value_was_served():
    point = Point()
    for value, at in ((None, 1), (5.0, 2), (5.0, 3), (6.0, 4)):
        point.add(value, at)
    assert (point.at(1), point.at(3), point.at(9), point.first_number_us()) == (None, 5.0, 6.0, 2)
