"""A seed's plan: the same again for the same seed, and in time nothing is left out."""

from harness.network import KINDS
from harness.plan import LIVES, Plan
from harness.points import all_points
from harness.simulator_orders import KINDS as OUTAGES


def drawn(seed: int, number: int, count: int = 200) -> list:
    plan = Plan(seed, number)
    return [(plan.next_life(), plan.next_point(), plan.next_network(), plan.next_file(), plan.clock_step(),
             plan.next_outage(), plan.delays()) for _ in range(count)]


def test_the_same_seed_gives_the_same_plan_and_another_one_another():
    assert drawn(5, 1) == drawn(5, 1)
    assert drawn(5, 1) != drawn(5, 2)
    assert drawn(5, 1) != drawn(6, 1)


def test_every_life_point_and_network_fault_has_its_turn():
    lives, points, network, files, steps, outages, delays = zip(*drawn(7, 0, 600))
    assert set(lives) == set(LIVES)
    assert set(points) == set(all_points())
    assert set(network) == set(KINDS)
    assert set(outages) == set(OUTAGES)
    assert {one.split(":")[0] for text in delays for one in text.split(",") if one} == set(all_points())
    assert "swap" in files and "roll-back" in files
    assert any(step < 0 for step in steps) and any(step > 0 for step in steps) and 0 in steps
