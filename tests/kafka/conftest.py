"""What the daemon's tests against a real Kafka need."""

import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]


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
