"""A small round of everything at once: eight deployments, kills, zombies, brokers, network, files. Bounded; its seed is
printed, and OES_SEED replays its plan."""

import json
import os
import random
import subprocess

from harness.bed import BUILD, DAEMON
from harness.checker import Options
from harness.points import all_points
from harness.round import Round
from harness.scenarios import SCENARIOS
from harness.tally import Tally

SECONDS = float(os.environ.get("OES_CHAOS_SECONDS", "40"))
SIMULATED_DAYS = 0.4


def test_nothing_is_lost_and_nothing_repeated(bed, tmp_path):
    seed = int(os.environ.get("OES_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    tally = Tally()
    Round(bed, tmp_path, seed, 8, SECONDS, tally, Options(), days=SIMULATED_DAYS).run()
    print(json.dumps(tally.summary(seed)))
    told = tally.troubles + tally.failures
    assert not told, f"seed {seed}: " + "\n".join(f"{name}: {what}" for name, what in told)
    assert tally.done["kills"] >= 40 and tally.found["records"] >= 10_000


def test_the_product_holds_nothing_of_the_harness():
    product = (BUILD / "src" / "openelectricity-stream").read_bytes()
    chaos = DAEMON.read_bytes()
    points = [point.encode() for point in all_points()]
    assert len(points) > 40
    assert b"OES_CHAOS" in chaos and all(point in chaos for point in points)
    bugs = [one.bug.encode() for one in SCENARIOS]
    assert all(bug in chaos for bug in bugs)
    assert b"OES_CHAOS" not in product and not any(name in product for name in points + bugs)


def test_a_chaos_run_tells_its_usage():
    told = subprocess.run(["bash", str(BUILD.parents[1] / "tests/chaos/run.sh"), "--help"], capture_output=True, text=True,
                          timeout=120, check=False)
    assert told.returncode == 0 and "--kills" in told.stdout
