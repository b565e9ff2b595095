"""The host's clock is set while the daemon runs. To librdkafka it is worse than that: it waits by the real clock for instants of the
wrong one, so that with a clock behind every wait of its calls is over at once, and with one ahead none is."""

import time

import pytest

from harness.host_clock import HostClock
from harness.stage import Stage


@pytest.fixture
def stage(bed, tmp_path):
    made = Stage(bed, tmp_path, "clock", "")
    yield made
    made.close()


def test_a_clock_that_is_set_while_it_runs_loses_and_repeats_nothing(stage):
    clock = HostClock(stage.daemon.folder)
    assert clock.library, "libfaketime is not installed: deploy/install-deps.sh --tests"
    stage.start(**clock.environment())
    for seconds in (-5, 0, 2, 0, -20, 0):
        clock.set(seconds)
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:  # it has that long to do something wrong
            stage.must(stage.daemon.running, f"ended with code {stage.daemon.exit_code}, its clock {seconds} s off")
            stage.sample()
            time.sleep(0.1)
    assert stage.judged(clocks_right=False) == {}
