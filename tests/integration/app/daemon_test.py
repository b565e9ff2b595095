#!/usr/bin/env python3
"""The whole program, as its users meet it: processes against the simulator and librdkafka's mock broker. Python's standard
library only, so that it runs where nothing is installed for it."""

import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support")]

import case_report
from daemon_config import config
from http_status import ask, status
from kafka import free_port
from parts import BINARIES, Clock, Part, start_mock_kafka, start_simulator

DAEMON = BINARIES / "openelectricity-stream"
NO_LINE_DROPPED = r"\nopenelectricity_log_lines_dropped_total\{[^}]*\} 0\n"
KEY = "daemon-test-key-0123456789"
# A sanitizer's build is slower.
PATIENCE = 20 * float(os.environ.get("OES_PATIENCE", "1"))
STREAMS = {"fuel": {"metrics": ["power", "energy"], "primary_grouping": "network_region",
                    "secondary_grouping": "fueltech_group"},
           "regions": {"metrics": ["price", "demand"], "primary_grouping": "network_region"}}


def config_of(name: str, folder, base_url: str, clock: Clock, *, api: dict, start: str, **said) -> str:
    return config(name, folder, base_url=base_url, clock=clock, delivery="at_least_once", api=api,
                  schedule={"trigger_jitter": "0s"}, defaults={"start": start, "topic": name + ".{dataset}.{interval}"},
                  **said)


class House:
    """One deployment: a folder, a configuration, and at most one daemon."""

    def __init__(self, parent, name: str, **changes):
        self.folder = parent.folder / name
        (self.folder / "progress").mkdir(parents=True)
        self.port = free_port()
        said = {"api": {"api_key": KEY}, "start": "-1h", "bootstrap": parent.bootstrap, "streams": STREAMS,
                "port": self.port} | changes
        self.config = self.folder / "config.yaml"
        self.config.write_text(config_of(name, self.folder, parent.api, parent.clock, **said), encoding="utf-8")
        self.config.chmod(0o600)
        self.topics = [f"{name}.network.5m", f"{name}.market.5m"]
        self.daemon = Part("daemon", [DAEMON, "run", "--config", self.config], self.folder)

    def command(self, *words, seconds: float = 60) -> subprocess.CompletedProcess:
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("OPENELECTRICITY_", "KAFKA_"))}
        return subprocess.run([DAEMON, *words, "--config", self.config], capture_output=True, text=True, timeout=seconds,
                              env=environment, check=False)

    def watched(self, *words, until, seconds: float = 60) -> str:
        """What a command that never ends has printed once `until` says so."""
        with subprocess.Popen([DAEMON, *words, "--config", self.config], stdout=subprocess.PIPE, text=True) as process:
            late = threading.Timer(seconds, process.kill)
            late.start()
            text = ""
            try:
                for line in process.stdout:
                    text += line
                    if until(text):
                        return text
            finally:
                late.cancel()
                process.kill()
        raise AssertionError(f"not within {seconds:.0f} s: {text}")

    def ask(self, path: str):
        """(status, body), or None while nobody answers."""
        return ask(self.port, path)

    def status(self) -> dict:
        return status(self.port)

    def wait_for_records(self, more_than: int = 0) -> dict:
        """The status once every stream and metric has published and more than so many records went out."""
        def there():
            found = self.status()
            members = found.get("streams", [])
            return found if members and all(one["records"] for one in members) and found["records"] > more_than else None
        return self.daemon.wait_until(there, PATIENCE)

    def wait_for_role(self, role: str):
        self.daemon.wait_until(lambda: self.status().get("role") == role, PATIENCE)

    def wait_until_it_asks_no_more(self):
        """Every group has an answer that it cannot deliver: no request for two triggers' time."""
        seen = {"requests": None, "since": 0.0}

        def stuck():
            requests = self.status()["requests"]
            if requests != seen["requests"]:
                seen.update(requests=requests, since=time.monotonic())
            return time.monotonic() - seen["since"] > 2
        self.daemon.wait_until(stuck, PATIENCE)

    def stop(self):
        """(exit code, seconds)."""
        began = time.monotonic()
        return self.daemon.stop(), time.monotonic() - began

    def log(self) -> str:
        return self.daemon.log.read_text(encoding="utf-8")

    def progress(self) -> dict:
        return json.loads((self.folder / "progress" / "progress.json").read_text(encoding="utf-8"))


class DaemonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory(prefix="oes-daemon-test-")
        cls.addClassCleanup(made.cleanup)
        cls.folder = pathlib.Path(made.name)
        # A new interval every second.
        cls.clock = Clock("2026-03-10T02:00:00Z", 300)
        simulator, cls.api = start_simulator(BINARIES, cls.folder, cls.clock, KEY, "--calm", "--rate-limit", "off")
        cls.addClassCleanup(simulator.stop)
        broker, cls.bootstrap = start_mock_kafka(BINARIES, cls.folder)
        cls.addClassCleanup(broker.stop)
        (cls.folder / "silent-kafka").mkdir()
        cls.silent_broker, silent = start_mock_kafka(BINARIES, cls.folder / "silent-kafka")
        cls.addClassCleanup(lambda: cls.silent_broker.process.send_signal(signal.SIGCONT) or cls.silent_broker.stop())
        # Started together: the mock broker's group takes three seconds to give a member its partition.
        cls.restarted = cls.started("restarted")
        cls.asked = cls.started("asked")
        cls.without_http = cls.started("without-http", http={"enabled": False})
        cls.silenced = cls.started("busy", bootstrap=silent), cls.started("resting", bootstrap=silent, start="2030-01-01")

    @classmethod
    def started(cls, name: str, **changes) -> House:
        house = House(cls, name, **changes)
        cls.addClassCleanup(house.daemon.stop)
        house.daemon.start()
        return house

    def records(self, house: House) -> list:
        """(key, value) of all there is."""
        read = subprocess.run([BINARIES.parent / "tests" / "topic_reader", self.bootstrap, *house.topics],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(read.returncode, 0, read.stderr)
        return [(key, json.loads(value)) for _, key, value in (line.split("\t") for line in read.stdout.splitlines())]

    def test_records_arrive_a_stop_is_clean_and_a_restart_goes_on_where_it_was(self):
        house = self.restarted
        told = house.wait_for_records()
        self.assertTrue(told["ready"])
        self.assertEqual(told["role"], "leading")
        code, took = house.stop()
        self.assertEqual(code, 0, house.log())
        self.assertLess(took, 10)
        before = house.progress()
        first = self.records(house)
        self.assertEqual({value["metric"] for _, value in first}, {"power", "energy", "price", "demand"})
        house.daemon.start()
        house.wait_for_records(300)
        self.assertEqual(house.stop()[0], 0, house.log())
        both = self.records(house)
        self.assertGreater(len(both), len(first))
        keys = [key for key, _ in both]
        self.assertEqual(len(keys), len(set(keys)), "a clean stop repeats nothing")
        self.assertGreater(house.progress()["timestamp"], before["timestamp"])
        self.assertGreater(house.progress()["sequence"], before["sequence"])

    def test_commands_answer_about_the_running_daemon(self):
        house = self.asked
        house.wait_for_records()
        # Who asks has not the daemon's environment: its key and brokers may be missing.
        house.config.write_text(house.config.read_text(encoding="utf-8").replace(KEY, "${NOT_MINE}"), encoding="utf-8")
        self.assertEqual(house.command("healthcheck").returncode, 0)
        self.assertEqual(house.command("healthcheck", "--ready").returncode, 0)
        self.assertEqual(house.ask("/readyz")[0], 200)
        self.assertRegex(house.ask("/metrics")[1], r"\nopenelectricity_leading\{[^}]*\} 1\n")
        table = house.command("status")
        self.assertEqual(table.returncode, 0)
        self.assertIn("role leading", table.stdout)
        self.assertIn("regions", table.stdout)
        self.assertEqual(json.loads(house.command("status", "--json").stdout)["deployment"], "asked")
        shown = house.command("progress", "show", "--json")
        self.assertEqual(set(json.loads(shown.stdout)["streams"]), {"fuel", "regions"})
        house.config.write_text(house.config.read_text(encoding="utf-8").replace("${NOT_MINE}", KEY), encoding="utf-8")
        second = house.command("run")
        self.assertEqual(second.returncode, 75)
        self.assertIn(f"is held by process {house.daemon.process.pid}", second.stderr)
        self.assertEqual(house.stop()[0], 0)
        nobody = house.command("healthcheck")
        self.assertEqual(nobody.returncode, 1)
        self.assertEqual(len(nobody.stderr.splitlines()), 1, nobody.stderr)
        stopped = house.command("status", "--json")
        self.assertIn("no daemon answers", stopped.stderr)
        self.assertEqual(set(json.loads(stopped.stdout)["streams"]), {"fuel", "regions"})

    def test_I7_I8_commands_ask_the_daemon_by_its_socket_whatever_their_environment_lacks(self):
        house = self.without_http

        def publishes():
            told = house.command("status", "--json")
            return told.returncode == 0 and json.loads(told.stdout)["records"] > 0
        house.daemon.wait_until(publishes, PATIENCE)
        house.config.write_text(house.config.read_text(encoding="utf-8").replace(KEY, "${NOT_MINE}"), encoding="utf-8")
        told = house.command("status", "--json")
        self.assertEqual(json.loads(told.stdout)["deployment"], "without-http")
        self.assertEqual(told.stderr, "")
        self.assertIn("role leading", house.command("status").stdout)
        self.assertEqual(house.command("healthcheck").returncode, 0)
        self.assertEqual(house.command("healthcheck", "--ready").returncode, 0)
        watched = house.watched("status", "--watch", until=lambda text: text.count("role leading") == 2)
        self.assertNotIn("\x1b", watched)
        refused = house.command("progress", "reset", "--stream", "nobody", "--reason", "a test")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("nobody", refused.stdout + refused.stderr)
        self.assertNotIn("NOT_MINE", refused.stderr)
        plan = house.command("backfill", "--stream", "fuel", "--from", "2026-03-08", "--to", "2026-03-09", "--dry-run")
        self.assertEqual(plan.returncode, 0, plan.stderr)
        self.assertEqual(house.stop()[0], 0)
        self.assertEqual(house.command("healthcheck").returncode, 1)

    def test_a_control_socket_that_cannot_be_made_is_tried_again(self):
        house = House(self, "blocked")
        in_the_way = house.folder / "progress" / "control.sock"
        (in_the_way / "full").mkdir(parents=True)
        house.daemon.start()
        told = "the control socket (no jobs can be taken)"
        house.daemon.wait_until(lambda: told in json.dumps(house.status().get("health", {})), PATIENCE)
        reload = house.command("reload")
        self.assertEqual(reload.returncode, 1)
        self.assertIn("but takes no commands", reload.stderr)
        shutil.rmtree(in_the_way)
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        house.daemon.wait_until(lambda: told not in json.dumps(house.status()["health"]), PATIENCE)

    def test_what_a_full_disk_does_not_take_is_no_success(self):
        house = House(self, "full")
        with open("/dev/full", "w") as full:
            for words in (("check-config", "--config", house.config), ("schema",), ("run", "--dry-run", "--config", house.config)):
                ended = subprocess.run([DAEMON, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                                       check=False)
                self.assertEqual(ended.returncode, 1, words)
                self.assertIn("stdout does not take what is printed", ended.stderr)

    def test_I4_run_once_ends_where_nothing_moves_and_says_why(self):
        house = House(self, "once-alone", bootstrap="127.0.0.1:1")
        began = time.monotonic()
        done = house.command("run", "--once", "--timeout", "3s")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertLess(time.monotonic() - began, 3 + PATIENCE)
        self.assertEqual(len([line for line in done.stderr.splitlines() if "nothing has moved" in line]), 1, done.stderr)
        self.assertEqual(house.command("run", "--once", "--timeout", "soon").returncode, 2)
        self.assertEqual(house.command("run", "--timeout", "3s").returncode, 2)

    def test_I4_run_once_that_is_stopped_was_not_through(self):
        house = House(self, "once-stopped", bootstrap="127.0.0.1:1")
        once = subprocess.Popen([DAEMON, "run", "--once", "--config", house.config], stderr=subprocess.PIPE, text=True)
        for line in once.stderr:
            if " starting" in line:
                break
        once.send_signal(signal.SIGTERM)
        said = once.communicate(timeout=PATIENCE)[1]
        self.assertEqual(once.returncode, 1, said)

    def test_a_command_that_cannot_begin_is_no_success(self):
        house = House(self, "cannot-begin", bootstrap="127.0.0.1:1")
        backfill = ("backfill", "--stream", "fuel", "--from", "2026-03-08", "--to", "2026-03-09")
        seek = ("progress", "seek", "--stream", "fuel", "--to", "2026-03-08", "--reason", "test", "--yes")
        lock = house.folder / "progress" / "lock"
        for words in (backfill, (*backfill, "--dry-run"), seek):
            with self.subTest(words):
                with lock.open("w", encoding="ascii") as held:
                    fcntl.flock(held, fcntl.LOCK_EX)
                    done = house.command(*words)
                self.assertEqual(done.returncode, 75, done.stdout + done.stderr)
                self.assertIn("one process per progress_path", done.stderr)
                without_kafka = house.command(*words)
                self.assertEqual(without_kafka.returncode, 1, without_kafka.stdout + without_kafka.stderr)
                self.assertNotEqual(without_kafka.stderr, "")

    def test_I5_a_dry_run_without_records_says_so_and_fails(self):
        nowhere = {"metrics": ["power"], "network_region": "XYZ1", "secondary_grouping": "fueltech_group"}
        unknown = {"metrics": ["price", "market/nothing_of_the_kind"], "primary_grouping": "network_region"}
        for name, stream, options, said in (("dry-404", "fuel", nowhere, "404"),
                                            ("dry-missing", "regions", unknown, "nothing_of_the_kind")):
            with self.subTest(name):
                house = House(self, name, bootstrap="127.0.0.1:1", streams=STREAMS | {stream: options})
                done = house.command("run", "--dry-run")
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(said, "".join(line for line in done.stderr.splitlines() if " error " in line), done.stderr)

    def test_a_stop_ends_soon_though_kafka_is_silent(self):
        # One with records on their way, which nobody takes, and one at rest.
        busy, resting = self.silenced
        busy.wait_for_records()
        resting.wait_for_role("leading")
        self.silent_broker.process.send_signal(signal.SIGSTOP)
        busy.wait_until_it_asks_no_more()
        for house in (busy, resting):
            code, took = house.stop()
            self.assertEqual(code, 0, house.log())
            self.assertLess(took, 5, house.log())

    def run_with_stderr(self, house: House, stderr) -> subprocess.Popen:
        process = subprocess.Popen([DAEMON, "run", "--config", house.config], stdin=subprocess.DEVNULL, stderr=stderr,
                                   stdout=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + PATIENCE
        while not (house.status().get("records") or process.poll() is not None or time.monotonic() > deadline):
            time.sleep(0.1)
        self.assertIsNone(process.poll())
        self.assertTrue(house.status().get("records"))
        return process

    def stop_quickly(self, process: subprocess.Popen):
        process.terminate()
        self.assertEqual(process.wait(10), 0)

    def test_E8_sighup_reads_the_file_again_and_sigpipe_is_ignored(self):
        house = self.started("hung-up")
        house.wait_for_records()
        for times in (1, 2):
            house.daemon.process.send_signal(signal.SIGPIPE)
            house.daemon.process.send_signal(signal.SIGHUP)
            house.daemon.wait_until(
                lambda: house.log().count('the configuration was read again outcome="nothing has changed"') == times, PATIENCE)
        house.wait_for_records(house.status()["records"])
        self.assertEqual(house.stop()[0], 0)

    def test_E8_a_command_whose_reader_leaves_is_not_killed(self):
        house = House(self, "read-no-more")
        shell = subprocess.run(["bash", "-c", f'"{DAEMON}" print-config --config "{house.config}" | true; echo ${{PIPESTATUS[0]}}'],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertNotIn(shell.stdout.strip(), ("141", "-13"))

    def test_E9_a_pipe_that_nobody_reads_costs_lines_and_nothing_else(self):
        house = House(self, "unread")
        with house.config.open("a", encoding="utf-8") as config:
            config.write("log: {level: debug}\n")
        ours, its = os.pipe()
        self.addCleanup(os.close, ours)
        os.set_blocking(its, False)
        try:
            while True:
                os.write(its, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(its, True)
        process = self.run_with_stderr(house, its)
        os.close(its)
        records = house.status()["records"]
        house.daemon.process = process
        house.wait_for_records(records)
        self.stop_quickly(process)

    def test_E9_a_reader_that_leaves_and_a_closed_stderr_end_nothing(self):
        left = House(self, "reader-left")
        ours, its = os.pipe()
        process = self.run_with_stderr(left, its)
        os.close(its)
        os.close(ours)
        left.daemon.process = process
        left.wait_for_records(left.status()["records"])
        left.daemon.wait_until(lambda: not re.search(NO_LINE_DROPPED, left.ask("/metrics")[1]), PATIENCE)
        self.stop_quickly(process)
        closed = House(self, "closed")
        process = subprocess.Popen(["bash", "-c", f'exec "{DAEMON}" run --config "{closed.config}" 2>&- >&- <&-'])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        closed.daemon.process = process
        closed.wait_for_records()
        self.assertNotRegex(closed.ask("/metrics")[1], NO_LINE_DROPPED)
        self.stop_quickly(process)
        self.assertIn("timestamp", closed.progress())

    def test_E7_a_kafka_that_is_away_is_told_alike_everywhere(self):
        house = self.started("no-kafka", bootstrap=f"127.0.0.1:{free_port()}")
        house.daemon.wait_until(lambda: house.ask("/readyz") and "Connection refused" in house.ask("/readyz")[1], PATIENCE)
        code, body = house.ask("/readyz")
        self.assertEqual(code, 503)
        told = house.status()
        self.assertFalse(told["ready"])
        self.assertIn(told["not_ready_because"], body)
        self.assertEqual(told["health"]["level"], "failing")
        self.assertIn(told["health"]["reasons"][0]["what"].split("; since")[0], body)
        self.assertIn("Connection refused", house.ask("/")[1])
        self.assertRegex(house.ask("/metrics")[1], r"\nopenelectricity_health\{[^}]*\} 2\n")
        self.assertIn("health failing", house.command("status").stdout)
        self.assertIn("Connection refused", house.command("status").stdout)
        self.assertEqual(house.command("healthcheck").returncode, 0)
        unready = house.command("healthcheck", "--ready")
        self.assertEqual(unready.returncode, 1)
        self.assertIn("Connection refused", unready.stderr)
        warned = [line for line in house.log().splitlines() if " warn " in line]
        self.assertLessEqual(len(warned), 3, warned)

    def test_run_once_publishes_one_cycle_of_every_stream_and_ends(self):
        house = House(self, "once")
        done = house.command("run", "--once")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({value["stream"] for _, value in self.records(house)}, {"fuel", "regions"})
        self.assertEqual(set(house.progress()["streams"]), {"fuel", "regions"})

    def test_a_dry_run_prints_records_and_touches_nothing(self):
        house = House(self, "dry", bootstrap="127.0.0.1:1")
        done = house.command("run", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        records = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual({record["metric"] for record in records}, {"power", "energy", "price", "demand"})
        self.assertEqual({record["revision"] for record in records}, {0})
        self.assertFalse((house.folder / "progress" / "progress.json").exists())

    def test_a_wrong_key_is_said_once_and_loses_nothing(self):
        house = House(self, "wrong-key", api={"api_key": "not-a-key-of-the-simulator"})
        done = house.command("run", "--once")
        self.assertEqual(done.returncode, 1)
        lines = [line for line in done.stderr.splitlines() if "never worked" in line]
        self.assertEqual(len(lines), 1, done.stderr)  # of two request groups
        for line in lines:
            self.assertIn("401", line)
        self.assertNotIn("not-a-key-of-the-simulator", done.stderr)

    def test_a_wrong_configuration_is_refused_with_its_place(self):
        house = House(self, "wrong-config")
        house.config.write_text(house.config.read_text(encoding="utf-8").replace("deployment:", "deploymnt:"), encoding="utf-8")
        for command in (["run"], ["check-config"]):
            refused = house.command(*command)
            self.assertEqual(refused.returncode, 78)
            self.assertIn(f"{house.config}:1:1", refused.stderr)
            self.assertIn("deployment", refused.stderr)
        self.assertEqual(house.command("no-such-command").returncode, 2)


if __name__ == "__main__":
    case_report.main("integration_daemon")
