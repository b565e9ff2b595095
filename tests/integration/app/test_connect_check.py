#!/usr/bin/env python3
"""What `check-config --connect` says of the API: its name, its certificate, the key and the key's credits."""

import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support")]

import case_report
from connect_proxy import TlsFront
from daemon_config import config
from kafka import free_port
from parts import BINARIES, Clock, start_mock_kafka, start_simulator

DAEMON = BINARIES / "openelectricity-stream"
KEY = "connect-test-key-0123456789"
# /me takes a credit itself: then nothing is left.
LAST_CREDIT = "last-credit-key-0123456789"
SPENT = "spent-test-key-0123456789"


class ConnectCheckTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="oes-connect-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        simulator, cls.api = start_simulator(BINARIES, cls.folder, Clock("2026-03-10T02:00:00Z", 1), KEY, "--key",
                                             f"{LAST_CREDIT}:COMMUNITY:1", "--key", f"{SPENT}:COMMUNITY:0")
        cls.addClassCleanup(simulator.stop)
        cls.front = TlsFront(cls.folder, "api.test", int(re.search(r":(\d+)/", cls.api)[1]))
        cls.addClassCleanup(cls.front.stop)
        kafka, cls.bootstrap = start_mock_kafka(BINARIES, cls.folder)
        cls.addClassCleanup(kafka.stop)

    def said(self, **api) -> tuple:
        """(exit code, the lines of the API)"""
        (self.folder / "config.yaml").write_text(config(
            "connects", self.folder, base_url=self.api, bootstrap=self.bootstrap, delivery="at_least_once",
            api={"api_key": KEY, "connect_timeout": "5s", **api}, kafka={"create_topics": None},
            streams={"nem": {"topic": "connects"}}), encoding="utf-8")
        done = subprocess.run([DAEMON, "check-config", "--connect", "--config", self.folder / "config.yaml"], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertNotIn(api.get("api_key", KEY), done.stdout + done.stderr)
        return done.returncode, [line for line in done.stdout.splitlines() if " API" in line]

    def test_all_is_well(self):
        code, lines = self.said()
        self.assertEqual(code, 0, lines)
        self.assertRegex(lines[0], r"^ok +API 127\.0\.0\.1:\d+: connection$")
        self.assertEqual(lines[1].split(maxsplit=1), ["ok", "API key: accepted, plan ENTERPRISE"])

    def test_what_is_in_the_way_is_told_with_its_cause(self):
        port = self.front.port
        for api, said in (
                ({"base_url": "https://no-such-host.invalid/v4"}, r"API no-such-host\.invalid.*: resolve no-such-host\.invalid: "),
                ({"base_url": f"https://127.0.0.1:{port}/v4"}, rf"API 127\.0\.0\.1:{port}: .*certificate not trusted: "),
                ({"base_url": f"https://127.0.0.1:{port}/v4", "ca_file": str(self.front.ca)},
                 rf"API 127\.0\.0\.1:{port}: .*certificate not trusted: IP address mismatch"),
                ({"base_url": f"http://127.0.0.1:{free_port()}/v4"}, r"API 127\.0\.0\.1:\d+: .*Connection refused"),
                ({"api_key": "wrong-test-key-0123456789"}, r"API key: .*401 Authentication failed"),
                ({"api_key": SPENT}, r"API key: .*401 Authentication failed .*never worked")):
            with self.subTest(said):
                code, lines = self.said(**api)
                self.assertEqual(code, 1, lines)
                self.assertRegex(lines[-1], r"^fails +" + said)

    def test_an_API_that_never_answers_is_not_waited_for_without_a_word(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            began = time.monotonic()
            code, lines = self.said(base_url=f"http://127.0.0.1:{silent.getsockname()[1]}/v4")
        self.assertEqual(code, 1, lines)
        self.assertLess(time.monotonic() - began, 40)
        self.assertIn("GET /me has no answer yet", lines[1])
        self.assertRegex(lines[2], r"^fails +API: GET http.*/me: no answer within 15 s; .*firewall on the way")

    def test_a_key_without_a_credit_left_is_a_warning(self):
        code, lines = self.said(api_key=LAST_CREDIT)
        self.assertEqual(code, 0, lines)
        self.assertRegex(lines[-1], r"^warning +API key: accepted, plan COMMUNITY, 0 credits left$")


if __name__ == "__main__":
    case_report.main("integration_connect_check")
