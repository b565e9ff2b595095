"""The container image: what it is, and that two variables are enough on an empty Kafka."""

import datetime
import os
import signal
import subprocess
import time

import pytest
from harness.image import Container, Image, buildah
from harness.world import answer, offsets
from kafka import Cluster, free_port
from kafka_io import read_all
from parts import BINARIES, Clock, start_simulator

KEY = "container-test-key-0123456789"
TOPIC = "openelectricity.network.5m.v1"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def image(release, packages, tmp_path_factory):
    built = Image(release, packages, tmp_path_factory.mktemp("image"))
    yield built
    built.close()


@pytest.fixture
def container(image):
    made = Container(image)
    yield made
    made.close()


@pytest.fixture
def empty_kafka():
    with Cluster() as cluster:
        yield cluster.bootstrap


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """The API of today: with no configuration there is no clock but the real one."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    simulator, url = start_simulator(BINARIES, tmp_path_factory.mktemp("api"), Clock(now, 1), KEY)
    yield url
    simulator.stop()


def size_of(root) -> int:
    return int(subprocess.run(["du", "-s", "-B1", root], stdout=subprocess.PIPE, text=True, check=True).stdout.split()[0])


def test_it_says_what_it_is(image):
    config = image.config()
    assert config["User"] == "10001:0"
    assert config["StopSignal"] == "SIGTERM"
    assert list(config["Volumes"]) == ["/var/lib/openelectricity-stream"]
    assert config["Healthcheck"]["Test"] == ["CMD", "openelectricity-stream", "healthcheck"]
    assert config["Entrypoint"] == ["openelectricity-stream"] and config["Cmd"] == ["run"]
    assert config["Labels"]["org.opencontainers.image.revision"] == "0123abc"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert config["Labels"]["org.opencontainers.image.base.name"] == image.base
    assert not any("KEY" in one for one in config["Env"])


def test_it_is_little_above_its_base(image, container):
    base = buildah("from", "--pull-never", image.base)
    try:
        grown = size_of(container.root) - size_of(buildah("mount", base))
    finally:
        buildah("rm", base)
    assert 0 < grown <= 50 * MIB, f"{grown / MIB:.1f} MiB"
    print(f"{grown / MIB:.1f} MiB above the base")


def test_buildah_runs_it(image):
    made = buildah("from", "--pull-never", image.name)
    try:
        assert buildah("run", made, "--", "openelectricity-stream", "--version").startswith("openelectricity-stream ")
        assert buildah("run", made, "--", "id", "-u") == "10001"
    finally:
        buildah("rm", made)


@pytest.mark.parametrize("user", ["10001:0", "1000660000:0"])
def test_two_variables_are_enough(container, empty_kafka, api, user, tmp_path):
    """On an empty Kafka, with a read-only root, as the image's user and as one that OpenShift picks. The API's address and the
    port are set here because neither the real API nor the usual port is at hand."""
    volume = tmp_path / "volume"
    volume.mkdir()
    os.chown(volume, 10001, 0)
    volume.chmod(0o770)
    port = free_port()
    variables = {"OPENELECTRICITY_API_KEY": KEY, "KAFKA_BOOTSTRAP_SERVERS": empty_kafka, "OPENELECTRICITY_API_URL": api,
                 "OPENELECTRICITY_STREAM_HTTP_LISTEN": f"127.0.0.1:{port}"}
    with open(tmp_path / "log", "wb") as log:
        daemon = subprocess.Popen(container.command(user, volume, variables), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  start_new_session=True)
    try:
        deadline = time.monotonic() + 240
        while not offsets(empty_kafka, TOPIC):
            assert daemon.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.5)
        assert read_all(empty_kafka, [TOPIC])
        assert answer(port, "/readyz")[0] == 200
        healthy = subprocess.run(container.command(user, volume, variables, *container.config["Healthcheck"]["Test"][2:]),
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        assert healthy.returncode == 0, healthy.stdout
        assert (volume / "progress.json").stat().st_uid == int(user.split(":")[0])
    finally:
        # Its process 1 is the daemon's own: the child of unshare.
        for child in open(f"/proc/{daemon.pid}/task/{daemon.pid}/children", encoding="ascii").read().split():
            os.kill(int(child), signal.SIGTERM)
        code = daemon.wait(60)
    assert code == 0, (tmp_path / "log").read_text()


def test_the_simulators_image_is_another_target(image):
    name = "localhost/oes-simulator-test"
    buildah(*image.build, "--target", "simulator", "--tag", name, image.context, seconds=900)
    made = buildah("from", "--pull-never", name)
    try:
        assert "--listen" in buildah("run", made, "--", "/usr/libexec/openelectricity-stream/openelectricity-simulator", "--help")
    finally:
        buildah("rm", made)
        buildah("rmi", "--force", name)
