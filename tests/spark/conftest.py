"""What every Spark test needs: the helpers of tests/support, the examples, one Kafka and one Spark for the whole run."""

import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "examples")]


@pytest.fixture(scope="session")
def bootstrap():
    """A broker that the caller has started (OES_TEST_BOOTSTRAP), else one of our own."""
    given = os.environ.get("OES_TEST_BOOTSTRAP")
    if given:
        yield given
        return
    from kafka import Cluster

    with Cluster() as cluster:
        yield cluster.bootstrap


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    from spark import session

    running = session(tmp_path_factory.mktemp("spark"))
    yield running
    running.stop()
