"""What nobody had to follow is not lost: an answer left it out, or it was told too late or to the wrong one. And what still is."""

import json

from checked_world import MEMBER, SHAPES, World, label
from harness.served import left_out


def without(world, at_ms: int, begin: int = 0, end: int = 4) -> tuple:
    """As the checker is told it, an answer about these labels that left something out."""
    request = f"/v4/market/network/NEM?metrics=price&interval=5m&date_start={label(begin)[:19]}&date_end={label(end)[:19]}"
    line = {**json.loads(world.served[0]), "real_us": at_ms * 1000, "request": request, "fault": "no-labels"}
    return left_out([json.dumps(line).encode() + b"\n"])


def test_what_a_later_answer_left_out_may_follow_its_label():
    world = World()
    early = json.loads(world.progress[3].value)
    early["covered"] = [[label(0), label(4)]]
    world.progress[3] = world.progress[3]._replace(value=json.dumps(early).encode())
    assert set(world.broken()) == {"prefix"}
    after = world.progress[0].produced_ms
    assert world.broken(left_out=without(world, after)) == {}
    assert set(world.broken(left_out=without(world, after, end=2))) == {"prefix"}, "it was about other labels"


def test_what_was_left_out_since_it_was_last_served_is_not_lost():
    world = World()
    del world.data[1]
    after = world.progress[0].produced_ms
    assert world.broken(left_out=without(world, after)) == {}
    assert "lost" in world.broken(left_out=without(world, after, begin=2)), "it was about other labels"
    assert "lost" in world.broken(left_out=without(world, after - 120_000)), "it was served after that"


def test_a_change_that_was_left_out_three_times_since_need_not_be_followed():
    world = World()
    world.serve([11, 20, 30, 40], world.clock)
    three = [answer for more in (1, 2, 3) for answer in without(world, world.clock + more)]
    assert world.broken(left_out=tuple(three)) == {}
    assert set(world.broken(left_out=tuple(three[:2]))) == {"lost"}


def test_a_late_series_of_a_label_that_is_no_gap_need_not_be_there_if_it_came_behind_the_look_back():
    world = World()
    other = json.loads(world.served[0])
    other["blocks"][0]["series"][0].update(columns={"region": "SA1"}, values=["5"])
    other["real_us"] = world.clock * 1000
    world.served.append(json.dumps(other).encode() + b"\n")
    assert set(world.broken()) == {"lost"}
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(look_back=900)}
    assert world.broken() == {}
    # The label was a gap until then.
    world.data = [record for record in world.data if label(0) not in record.key]
    world.served[0] = world.served[0].replace(b'"10"', b"null")
    assert set(world.broken()) == {"lost"}


def test_every_value_must_stand_but_what_only_a_zombie_was_told():
    world = World()
    world.serve([11, 20, 30, 40], world.clock)
    assert set(world.broken()) == {"lost"}
    at = world.clock * 1000
    assert world.broken(exempt=((at - 5, at + 5),)) == {}
    assert set(world.broken(exempt=((at + 5, at + 9),))) == {"lost"}


def test_what_a_request_for_gaps_tells_of_labels_behind_the_look_back_need_not_be_followed():
    world = World()
    world.serve([11, 20, 30, 40], at_ms=world.clock)
    assert set(world.broken()) == {"lost"}
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(look_back=900)}
    assert world.broken() == {}
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(look_back=1800)}
    assert set(world.broken()) == {"lost"}


def test_a_point_that_was_told_behind_the_look_back_only_need_not_be_there():
    world = World()
    del world.data[1]
    world.served.clear()
    world.serve([10, None, 30, 40])
    world.serve([10, 20, 30, 40], at_ms=world.clock)
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(look_back=900)}
    assert world.broken() == {}
    world.shapes = {MEMBER: SHAPES[MEMBER]._replace(look_back=1800)}
    assert set(world.broken()) == {"lost"}


def test_what_a_lying_api_adds_is_wrong_where_it_is_published_and_what_nobody_can_know_is_not():
    world = World()
    answer = json.loads(world.served[0])
    answer["doubted"] = [{"network_code": "NEM", "metric": "price", "interval": "5m", "series": [
        {"columns": {"region": "xxxx"}, "first": label(0), "step": 300, "values": ["7"]}]}]
    world.served[0] = json.dumps(answer).encode() + b"\n"
    assert world.broken() == {}
    world.transaction(4, [(0, 0, 7)], covered=4)
    key = world.data[-1].key
    world.data[-1] = world.data[-1]._replace(key=key.replace("region=NSW1", "region=xxxx"))
    assert world.broken() == {}
    world.data[-1] = world.data[-1]._replace(key=key.replace("region=NSW1", "region=yyyy"))
    assert set(world.broken()) == {"value"}
