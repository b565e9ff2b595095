"""Machines, packages and the world around them, for the tests of the installed product."""

import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tests" / "support")]


def pytest_addoption(parser):
    parser.addoption("--release", default="bookworm", choices=("bookworm", "trixie"), help="the Debian that is installed on")


def pytest_sessionstart():
    if os.geteuid() != 0:
        pytest.exit("tests/system boots machines and therefore needs root", returncode=1)


@pytest.fixture(scope="session")
def release(request):
    return request.config.getoption("--release")


@pytest.fixture(scope="session")
def packages(release, tmp_path_factory):
    from harness.packages import packages_of

    return packages_of(release, tmp_path_factory.mktemp("packages"))


@pytest.fixture(scope="session")
def previous_packages(release, tmp_path_factory):
    from harness.packages import previous_packages_of

    return previous_packages_of(release, tmp_path_factory.mktemp("previous-packages"))


@pytest.fixture(scope="session")
def bootstrap():
    given = os.environ.get("OES_TEST_BOOTSTRAP")
    if given:
        yield given
        return
    from kafka import Cluster

    # A machine that boots takes all of the cores for a while: the broker's heartbeats have time.
    with Cluster(extra={"broker.session.timeout.ms": 30000}) as cluster:
        yield cluster.bootstrap


@pytest.fixture(scope="session")
def world(bootstrap, tmp_path_factory):
    from harness.world import World

    with World(bootstrap, tmp_path_factory.mktemp("world")) as started:
        yield started


@pytest.fixture
def machine(release, packages, tmp_path):
    """Freshly booted, with nothing of ours on it."""
    from harness.machine import Machine, base_of

    with Machine(base_of(release, packages.daemon), tmp_path / "machine") as booted:
        yield booted


@pytest.fixture
def service(machine, world, packages):
    """Installed and configured, not started."""
    import uuid

    from harness.service import Service
    from kafka import free_port

    machine.install(packages.daemon)
    set_up = Service(machine, world, f"sys-{uuid.uuid4().hex[:8]}", free_port())
    set_up.configure()
    return set_up
