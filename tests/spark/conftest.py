"""What every Spark test needs: the helpers of tests/support, the examples, one Kafka and one Spark for the whole run."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "examples")]

from bootstrap_fixture import bootstrap  # noqa: E402, F401


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    from spark import session

    running = session(tmp_path_factory.mktemp("spark"))
    yield running
    running.stop()
