#!/usr/bin/env python3
"""The daemon's life: it starts, goes on where it was, waits for what is away, and ends when told."""

import json
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "integration" / "app")]

import case_report
from house import PATIENCE, STREAMS, House, Street, DAEMON
from kafka import free_port
from parts import BINARIES, start_mock_kafka


class DaemonTest(Street):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.folder / "silent-kafka").mkdir()
        cls.silent_broker, silent = start_mock_kafka(BINARIES, cls.folder / "silent-kafka")
        cls.addClassCleanup(lambda: cls.silent_broker.process.send_signal(signal.SIGCONT) or cls.silent_broker.stop())
        # Started together: the mock broker's group takes three seconds to give a member its partition.
        cls.restarted = cls.started("restarted")
        cls.silenced = cls.started("busy", bootstrap=silent), cls.started("resting", bootstrap=silent, start="2030-01-01")

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

    def test_I4_run_once_ends_where_nothing_moves_and_says_why(self):
        house = House(self, "once-alone", bootstrap="127.0.0.1:1")
        began = time.monotonic()
        done = house.command("run", "--once", "--timeout", "3s")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertLess(time.monotonic() - began, 3 + PATIENCE)
        self.assertEqual(len([line for line in done.stderr.splitlines() if "no progress for 3s (--timeout)" in line]), 1, done.stderr)
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

    def test_a_signal_that_comes_twice_at_once_is_one(self):
        house = self.started("twice")
        house.wait_for_records()
        for _ in range(2):
            house.daemon.process.send_signal(signal.SIGTERM)
        self.assertEqual(house.daemon.process.wait(PATIENCE), 0, house.log())
        self.assertNotIn("second signal", house.log())
        self.assertIn("stopped", house.log())

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


if __name__ == "__main__":
    case_report.main("integration_daemon")
