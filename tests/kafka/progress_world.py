"""What the tests of `progress …` share: a simulator whose days pass quickly, and deployments that read it."""

import pytest

from parts import BINARIES, Clock, start_simulator
from progress_bed import KEY, Bed

# Five simulated minutes in a third of a second.
SPEED = 900
START = "2026-03-10T02:00:00Z"
NEM = {"nem": "metrics: [power]"}
BEGAN = "2026-03-10T06:00:00+10:00"  # START in network time, minus `start: -6h`
EDGE = "2026-03-10T12:00:00+10:00"
NOON = {"nem": EDGE}
WHY = ("--reason", "a test", "--yes")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    clock = Clock(START, SPEED)
    simulator, api = start_simulator(BINARIES, folder, clock, KEY, "--rate-limit", "off", "--served-log",
                                     str(folder / "served"))
    yield {"api": api, "clock": clock, "served": folder / "served"}
    simulator.stop()


@pytest.fixture
def make(world, bootstrap, tmp_path):
    beds = []

    def made(streams=None, **options):
        options = {"bootstrap": bootstrap, "clock": world["clock"], "start": "2026-03-10T06:00:00", **options}
        beds.append(Bed(tmp_path, api=world["api"], streams=dict(streams or NEM), **options))
        return beds[-1]

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()
