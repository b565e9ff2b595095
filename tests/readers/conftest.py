"""What the tests of readers share: the helpers of tests/support, the package, one Kafka and one Spark for the whole run.

Spark's line is that of the Python which runs the tests: tests/requirements.txt has 4.1, requirements-3.5.txt the other."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "examples" / "python")]

from bootstrap_fixture import bootstrap  # noqa: E402, F401


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    from spark import session

    running = session(tmp_path_factory.mktemp("spark"))
    yield running
    running.stop()
