"""The checker can fail: every seeded bug is caught in the scenario made for it, which breaks no rule without the bug."""

import concurrent.futures

import pytest

from harness.scenarios import SCENARIOS, play, play_at_least_once

AT_ONCE = 4


@pytest.fixture(scope="module")
def outcomes(bed, tmp_path_factory):
    """(bug, with it) → a future of the broken rules; all scenarios run side by side, most of them only wait."""
    folder = tmp_path_factory.mktemp("scenarios")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = {(one.bug, with_bug): pool.submit(play, bed, folder, one, with_bug)
                 for one in SCENARIOS for with_bug in (True, False)}
        found["at_least_once"] = pool.submit(play_at_least_once, bed, folder)
        yield found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.bug)
def test_the_bug_is_caught(outcomes, scenario):
    broken = outcomes[(scenario.bug, True)].result(200)
    assert any(rule in broken for rule in scenario.breaks), {rule: cases[:2] for rule, cases in broken.items()}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.bug)
def test_without_the_bug_nothing_is_broken(outcomes, scenario):
    assert outcomes[(scenario.bug, False)].result(200) == {}


def test_at_least_once_repeats_after_a_kill_and_the_checker_sees_it(outcomes):
    broken = outcomes["at_least_once"].result(200)
    assert broken.get("repeated")
    assert not broken.get("lost")
