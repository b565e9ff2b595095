"""Packages come and go while data flows."""

import io
import subprocess
import tarfile

from harness.machine import ROOT
from harness.service import SECRET, UNIT
from harness.world import KEY


def installed_version(machine) -> str:
    return machine.run("dpkg-query", "--show", "--showformat", "${Version}", "openelectricity-stream").stdout


def test_upgrade_and_downgrade_with_data_flowing(service, packages, previous_packages):
    """From the commit before to this one, and back."""
    machine = service.machine
    machine.install(previous_packages.daemon, options=("--allow-downgrades",))
    service.ctl("start")
    service.flows()
    before = service.pid
    machine.install(packages.daemon)
    assert installed_version(machine) == packages.version
    assert service.state == "active" and service.pid != before
    service.flows()
    machine.install(previous_packages.daemon, options=("--allow-downgrades",))
    assert installed_version(machine) == previous_packages.version != packages.version
    service.flows()
    assert "is newer" not in machine.journal()
    service.stop_whole()


def test_an_upgrade_starts_nothing_that_did_not_run(service, packages, previous_packages):
    service.machine.install(previous_packages.daemon, options=("--allow-downgrades",))
    service.machine.install(packages.daemon)
    assert service.state == "inactive"


def test_an_installation_with_dynamic_user_is_taken_over(machine, service, packages):
    """As the unit was before there was a package: its state under /var/lib/private, owned by nobody's number."""
    machine.run("dpkg", "--purge", "openelectricity-stream")
    machine.run("userdel", "openelectricity-stream")
    # What it was installed with, from the source: program and unit.
    machine.put("/usr/bin/openelectricity-stream", packed_program(packages), 0o755)
    former = (ROOT / "systemd" / "openelectricity-stream.service").read_text()
    former = former.replace("User=openelectricity-stream\nGroup=openelectricity-stream\n", "DynamicUser=yes\n")
    assert "DynamicUser=yes" in former
    machine.put(f"/usr/lib/systemd/system/{UNIT}", former)
    machine.put(SECRET, KEY + "\n")
    machine.run("chmod", "0755", SECRET.rpartition("/")[0])
    service.write_config(service.world.config(service.name, service.port))
    machine.run("systemctl", "daemon-reload")
    started = service.ctl("start", check=False)
    assert started.returncode == 0, service.told()
    service.flows()
    machine.run("test", "-s", "/var/lib/private/openelectricity-stream/progress.json")

    machine.install(packages.daemon, options=("-o", "Dpkg::Options::=--force-confold"))
    assert service.state == "active"
    service.flows()
    state = machine.run("stat", "--format", "%F %U", "/var/lib/openelectricity-stream").stdout.strip()
    assert state == "directory openelectricity-stream"
    machine.run("test", "!", "-e", "/var/lib/private/openelectricity-stream")
    service.stop_whole()


def packed_program(packages) -> bytes:
    unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", packages.daemon], stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as files:
        return files.extractfile("./usr/bin/openelectricity-stream").read()


def test_removed_it_leaves_its_progress_and_purged_only_kafka_knows(service, packages):
    machine = service.machine
    service.ctl("start")
    machine.run("systemctl", "enable", UNIT)
    service.flows()
    told = machine.run("apt-get", "remove", "-q", "-y", "openelectricity-stream").stdout
    assert "openelectricity.progress." in told and "/var/lib/openelectricity-stream" in told
    assert machine.run("pgrep", "openelectricity", check=False).returncode == 1
    machine.run("test", "-s", "/var/lib/openelectricity-stream/progress.json")
    machine.run("test", "-s", "/etc/openelectricity-stream/openelectricity-stream.yaml")

    # Installed again, it goes on.
    machine.install(packages.daemon)
    service.ctl("start")
    service.flows()
    told = machine.run("apt-get", "purge", "-q", "-y", "openelectricity-stream").stdout
    assert "the progress itself stays in kafka" in told.lower()
    machine.run("test", "!", "-e", "/var/lib/openelectricity-stream")
    machine.run("test", "!", "-e", "/etc/openelectricity-stream/openelectricity-stream.yaml")
    machine.run("test", "-s", "/etc/openelectricity-stream/secrets/api_key")
    machine.run("test", "!", "-e", f"/etc/systemd/system/multi-user.target.wants/{UNIT}")

    # What was published is known by Kafka alone, and that is enough.
    machine.install(packages.daemon)
    service.configure()
    service.ctl("start")
    service.flows()
    service.stop_whole()
