"""The chaos harness under pytest: its package and the tests' own modules are found here."""

import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "support")]


@pytest.fixture(scope="session")
def bed(tmp_path_factory):
    """Three brokers behind the proxy, for all directed scenarios."""
    from harness.bed import Bed

    with Bed(folder=tmp_path_factory.mktemp("bed") / "kafka") as started:
        started.wait_healthy()
        yield started
