"""The life of the service on a booted Debian, with a real Kafka."""

import json
import os
import pathlib
import re
import signal
import time

import pytest
from harness.service import CONFIG, SECRET, UNIT


def kill(service, number: signal.Signals):
    service.machine.run("kill", f"-{int(number)}", service.pid)


def test_it_starts_publishes_and_stops(service):
    service.ctl("start")
    service.flows()
    machine = service.machine
    assert machine.run("stat", "--format", "%U", f"/proc/{service.pid}").stdout.strip() == "openelectricity-stream"
    assert "leading" in machine.run("openelectricity-stream", "status").stdout
    machine.run("openelectricity-stream", "healthcheck", "--ready")
    assert "Status:" in service.told()
    state = machine.run("stat", "--format", "%U %a", "/var/lib/openelectricity-stream").stdout.strip()
    assert state == "openelectricity-stream 700"
    limit = next(line for line in machine.run("cat", f"/proc/{service.pid}/limits").stdout.splitlines() if "core" in line)
    assert limit.split()[4:6] == ["1", "1"]
    service.ctl("stop")
    assert service.state == "inactive"
    assert machine.property(UNIT, "Result") == "success"
    # A clean stop is one: nothing starts it again.
    time.sleep(7)
    assert service.state == "inactive"


def test_killed_it_goes_on_where_it_was(service):
    service.ctl("start")
    for _ in range(3):
        service.flows()
        before = service.pid
        kill(service, signal.SIGKILL)
        service.machine.until(lambda: service.pid not in (0, before), 60, service.told)
    service.flows()
    service.stop_whole()


def test_a_process_that_ends_by_itself_is_started_again(service):
    """Also where it ends well: nobody but systemctl stops a service."""
    service.ctl("start")
    service.flows()
    before = service.pid
    kill(service, signal.SIGTERM)
    service.machine.until(lambda: service.pid not in (0, before), 60, service.told)
    service.flows()


def stays_failed(service, code: str):
    service.machine.until(lambda: service.state == "failed", 60, service.told)
    assert service.machine.property(UNIT, "ExecMainStatus") == code
    time.sleep(7)  # longer than RestartSec
    assert service.state == "failed" and service.machine.property(UNIT, "NRestarts") == "0"


@pytest.mark.parametrize("fault, named", [("streams: [{name: a, metrics: [powr]}]\n", "powr"), ("http: {listen: [}\n", ".yaml:1:")])
def test_a_bad_configuration_is_said_and_not_tried_again(service, fault, named):
    service.write_config(fault)
    assert service.ctl("start", check=False).returncode != 0
    stays_failed(service, "78")
    errors = service.machine.run("journalctl", "--no-pager", "--quiet", "--unit", UNIT, "--priority", "err").stdout
    assert named in errors, service.told()
    service.configure()
    service.ctl("start")
    service.flows()


def test_a_bad_command_line_fails_the_start_and_is_not_tried_again(service):
    service.machine.put(f"/etc/systemd/system/{UNIT}.d/options.conf",
                        "[Service]\nExecStart=\nExecStart=/usr/bin/openelectricity-stream run --no-such-option\n")
    service.machine.run("systemctl", "daemon-reload")
    assert service.ctl("start", check=False).returncode != 0
    stays_failed(service, "2")
    assert "--no-such-option" in service.machine.journal()


def test_the_journal_has_levels_and_fields_and_no_second_time(service):
    service.ctl("start")
    service.flows()
    lines = service.machine.run("journalctl", "--quiet", "--output", "json", "--unit", UNIT, "--lines", "1000").stdout
    entries = [entry for entry in map(json.loads, lines.splitlines()) if entry["SYSLOG_IDENTIFIER"] == "openelectricity-stream"]
    published = [entry for entry in entries if entry["MESSAGE"].startswith("published ")]
    assert published and all(entry["OES_STREAM"] and entry["PRIORITY"] == "6" for entry in published), entries
    assert not [entry for entry in entries if re.match(r"<\d>|\d{4}-\d\d-\d\d", entry["MESSAGE"])]


def test_reload_takes_a_new_stream_and_refuses_a_bad_file(service):
    service.ctl("start")
    service.flows()
    before = service.pid
    service.write_config(service.world.config(service.name, service.port) + "nonsense: 1\n")
    refused = service.ctl("reload", check=False)
    assert refused.returncode != 0
    assert service.state == "active" and service.pid == before
    assert "nonsense" in service.machine.journal()
    service.flows()
    service.configure(more=f"  - name: wem\n    network_code: WEM\n    metrics: [power]\n    topic: {service.name}.data\n")
    service.ctl("reload")
    service.machine.until(
        lambda: any(one["network_code"] == "WEM" for one in service.world.records(service.name)), 120, service.told)
    assert service.pid == before


def test_a_loop_that_stands_still_is_ended_and_started_again(service):
    # A minute is long for a test.
    service.machine.put(f"/etc/systemd/system/{UNIT}.d/soon.conf", "[Service]\nWatchdogSec=5\n")
    service.machine.run("systemctl", "daemon-reload")
    service.ctl("start")
    service.flows()
    before = service.pid
    kill(service, signal.SIGSTOP)
    service.machine.until(lambda: service.pid not in (0, before), 150, service.told)
    service.flows()
    assert "watchdog" in service.machine.journal().lower()
    after = service.pid
    time.sleep(12)  # more than twice what the watchdog allows: it is fed
    assert service.pid == after


HOSTS_GROUPS = pathlib.Path("/sys/fs/cgroup/memory")


def limit_memory(service):
    """To what nobody can live within. A host with cgroup v1 gives its machines no memory controller, so that MemoryMax= has no
    effect in them: there the process itself goes into a group of the host."""
    if service.machine.property(UNIT, "MemoryCurrent").isdigit():
        service.machine.run("systemctl", "set-property", "--runtime", UNIT, "MemoryMax=4M", "MemorySwapMax=0")
        return lambda: service.machine.run("systemctl", "set-property", "--runtime", UNIT, "MemoryMax=400M")
    assert HOSTS_GROUPS.is_dir(), "a host without a memory controller"
    group = HOSTS_GROUPS / f"oes-{os.getpid()}"
    group.mkdir()
    (group / "memory.limit_in_bytes").write_text(str(2 * 1024 * 1024))
    (group / "cgroup.procs").write_text(str(service.machine.hosts_number(service.pid)))
    return group.rmdir


def test_the_limit_of_memory_loses_nothing(service):
    """What is under way when the limit is reached, a backfill too, goes on in the next process."""
    service.ctl("start")
    assert service.machine.property(UNIT, "MemoryMax") == str(400 * 1024 * 1024)
    assert service.machine.property(UNIT, "MemorySwapMax") == "0"
    service.flows()
    before = service.pid
    lift = limit_memory(service)
    backfill = ["openelectricity-stream", "backfill", "--stream", "nem", "--from", "2026-02-20", "--to", "2026-03-09"]
    service.machine.run(*backfill, check=False)
    service.machine.until(lambda: service.pid not in (0, before), 150, service.told)
    lift()
    service.flows()
    assert "oom" in service.machine.journal().lower() or "status=9/KILL" in service.machine.journal()
    service.machine.run(*backfill)
    service.stop_whole()


def test_the_key_is_in_no_log_and_no_process_title(service):
    service.ctl("start")
    service.flows()
    key = service.machine.run("cat", SECRET).stdout.strip()
    assert key not in service.machine.journal(lines=10000)
    assert key not in service.machine.run("cat", f"/proc/{service.pid}/cmdline", f"/proc/{service.pid}/environ").stdout
    assert key not in service.machine.run("openelectricity-stream", "print-config", "--config", CONFIG).stdout
