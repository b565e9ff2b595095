"""What is in the packages, and how it is laid down."""

import re
import subprocess

import pytest


def said(*command) -> str:
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


def control(package, field: str) -> str:
    return said("dpkg-deb", "--field", package, field).strip()


def test_lintian_finds_no_error(packages):
    assert len(packages.files) == 4, sorted(packages.files)
    found = said("lintian", "--allow-root", "--tag-display-limit", "0", "--fail-on", "error", *packages.files.values())
    assert not re.search(r"^E:", found, re.MULTILINE), found


def test_the_version_names_the_commit_that_the_program_names(packages, machine):
    machine.install(packages.daemon)
    version = machine.run("openelectricity-stream", "--version").stdout
    number, commit = re.fullmatch(r"openelectricity-stream (\S+) \((\S+)\)\n", version).groups()
    assert packages.version == number or re.fullmatch(
        re.escape(number) + r"~git\d{14}\." + re.escape(commit).replace(r"\-", "."), packages.version), version
    assert control(packages.daemon, "Version") == packages.version


def test_the_daemon_needs_neither_the_simulator_nor_a_compiler(packages):
    depends = control(packages.daemon, "Depends")
    assert "librdkafka1" in depends and "libssl3" in depends
    assert "simulator" not in depends and "-dev" not in depends
    assert "openelectricity-simulator" not in said("dpkg-deb", "--contents", packages.daemon)


def test_debug_symbols_are_apart_and_of_this_build(packages, tmp_path):
    said("dpkg-deb", "--extract", packages.daemon, tmp_path / "daemon")
    said("dpkg-deb", "--extract", packages.files["openelectricity-stream-dbgsym"], tmp_path / "symbols")
    program = tmp_path / "daemon/usr/bin/openelectricity-stream"
    build = re.search(r"Build ID: (\S+)", said("readelf", "--notes", program)).group(1)
    assert (tmp_path / f"symbols/usr/lib/debug/.build-id/{build[:2]}/{build[2:]}.debug").is_file()
    assert ".symtab" not in said("readelf", "--section-headers", "--wide", program)


@pytest.mark.parametrize("unit", ["openelectricity-stream.service", "openelectricity-stream@.service"])
def test_units_are_valid_and_shut_in(packages, machine, unit):
    machine.install(packages.daemon)
    path = f"/usr/lib/systemd/system/{unit}"
    verified = path.replace("@.", "@one.")
    if verified != path:
        machine.run("cp", path, verified)
    assert machine.run("systemd-analyze", "verify", verified).stdout == ""
    # 10 is 1.0 on systemd's scale.
    told = machine.run("systemd-analyze", "security", "--offline=yes", "--threshold=10", "--no-pager", path).stdout
    assert float(re.search(r"exposure level for \S+: (\d+\.\d+)", told).group(1)) <= 1.0


def test_installed_it_is_there_and_not_started(packages, machine):
    told = machine.install(packages.daemon)
    assert "warning" not in told.lower()
    assert machine.property("openelectricity-stream.service", "ActiveState") == "inactive"
    assert machine.run("systemctl", "is-enabled", "openelectricity-stream", check=False).stdout.strip() == "disabled"
    secrets = machine.run("stat", "--format", "%U:%G %a", "/etc/openelectricity-stream/secrets").stdout.strip()
    assert secrets == "root:openelectricity-stream 750"
    assert "nologin" in machine.run("getent", "passwd", "openelectricity-stream").stdout
    conffiles = machine.run("dpkg-query", "--show", "--showformat", "${Conffiles}", "openelectricity-stream").stdout
    assert conffiles.count("/etc/openelectricity-stream/") == 2
    for file in ("/usr/share/man/man1/openelectricity-stream.1.gz",
                 "/usr/share/bash-completion/completions/openelectricity-stream",
                 "/usr/share/doc/openelectricity-stream/copyright",
                 "/usr/share/doc/openelectricity-stream/deploy/prometheus/rules.yaml",
                 "/usr/share/doc/openelectricity-stream/deploy/grafana/dashboards/openelectricity-stream.json",
                 "/usr/share/doc/openelectricity-stream/examples/openelectricity-stream.yaml"):
        machine.run("test", "-s", file)
    # The configuration as it is installed lacks only what nobody but the operator has.
    machine.put("/etc/openelectricity-stream/secrets/api_key", "k\n", 0o640, "root:openelectricity-stream")
    checked = machine.run("env", "KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092", "openelectricity-stream", "check-config")
    assert "error" not in checked.stdout.lower()
