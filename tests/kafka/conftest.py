"""What the daemon's tests against a real Kafka need."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]

from bootstrap_fixture import bootstrap  # noqa: E402, F401
