"""Two daemons beside each other on one machine, by the template unit."""

import uuid

import pytest
from harness.world import KEY
from kafka import free_port

CONFIG = "/etc/openelectricity-stream/{}.yaml"


@pytest.fixture
def installed(machine, packages):
    machine.install(packages.daemon)
    machine.put("/etc/openelectricity-stream/secrets/api_key", KEY + "\n", 0o640, "root:openelectricity-stream")
    return machine


def flows(machine, world, name: str):
    before = world.count(name)
    machine.until(lambda: world.count(name) > before, 120, lambda: machine.journal("openelectricity-stream@*"))


def test_two_instances_publish_and_a_taken_http_port_stops_neither(installed, world):
    machine, tag, port = installed, uuid.uuid4().hex[:8], free_port()
    names = [f"one-{tag}", f"two-{tag}"]
    for name in names:
        state = f"progress_path: /var/lib/openelectricity-stream@{name}\n"
        machine.put(CONFIG.format(name), state + world.config(name, port))
        machine.run("systemctl", "start", f"openelectricity-stream@{name}")
    for name in names:
        flows(machine, world, name)
        assert machine.property(f"openelectricity-stream@{name}", "ActiveState") == "active"
        assert "leading" in machine.run("openelectricity-stream", "status", "--config", CONFIG.format(name)).stdout
        machine.run("test", "-s", f"/var/lib/openelectricity-stream@{name}/progress.json")
    assert str(port) in machine.journal(f"openelectricity-stream@{names[1]}")
    # One's end is not the other's.
    machine.run("systemctl", "stop", f"openelectricity-stream@{names[0]}")
    flows(machine, world, names[1])
    assert machine.property("openelectricity-stream.service", "ActiveState") == "inactive"
