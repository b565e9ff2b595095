"""The broker of a test session: one that the caller has started (OES_TEST_BOOTSTRAP), else one of our own."""

import os

import pytest
from kafka import Cluster


@pytest.fixture(scope="session")
def bootstrap():
    given = os.environ.get("OES_TEST_BOOTSTRAP")
    if given:
        yield given
        return
    with Cluster() as cluster:
        yield cluster.bootstrap
