#!/usr/bin/env python3
"""The API behind an HTTP proxy: TLS through CONNECT, and what is said where the proxy does not let the daemon through."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support")]

import case_report
from connect_proxy import ConnectProxy, TlsFront
from daemon_config import config
from kafka import free_port
from parts import BINARIES, Clock, Part, start_mock_kafka, start_simulator

DAEMON = BINARIES / "openelectricity-stream"
KEY = "proxy-test-key-0123456789"
PASSWORD = "p@ss:word-of-proxy"
LOGIN = f"grid:{PASSWORD}"
URL_LOGIN = "grid:p%40ss:word-of-proxy"
PATIENCE = 60


class ProxyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="oes-proxy-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.clock = Clock("2026-03-10T02:00:00Z", 60)
        simulator, api = start_simulator(BINARIES, cls.folder, cls.clock, KEY)
        cls.addClassCleanup(simulator.stop)
        cls.front = TlsFront(cls.folder, "api.test", int(re.search(r":(\d+)/", api)[1]))
        cls.addClassCleanup(cls.front.stop)
        kafka, cls.bootstrap = start_mock_kafka(BINARIES, cls.folder)
        cls.addClassCleanup(kafka.stop)

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="oes-proxy-")
        self.addCleanup(temporary.cleanup)
        self.at = pathlib.Path(temporary.name)

    def proxy(self, **how) -> ConnectProxy:
        proxy = ConnectProxy({"api.test:443": self.front.port}, **how)
        self.addCleanup(proxy.stop)
        return proxy

    def configure(self, proxy: str = "", patience: str = "10s"):
        self.port = free_port()
        (self.at / "config.yaml").write_text(config(
            "behind-a-proxy", self.at, base_url="https://api.test/v4", bootstrap=self.bootstrap, port=self.port, clock=self.clock,
            delivery="at_least_once", api={"api_key": KEY, "ca_file": str(self.front.ca), "connect_timeout": patience,
                                           "proxy": proxy or None},
            retry={"base": "100ms", "cap": "200ms"}, kafka={"create_topics": None},
            schedule={"trigger_offset": "0s", "trigger_jitter": "0s", "learn_arrivals": False},
            streams={"nem": {"topic": "behind.a.proxy", "start": "-1h"}}), encoding="utf-8")

    def dry_run(self, **environment) -> subprocess.CompletedProcess:
        clean = {name: value for name, value in os.environ.items()
                 if "proxy" not in name.lower() and not name.startswith(("OPENELECTRICITY_", "KAFKA_"))}
        done = subprocess.run([DAEMON, "run", "--dry-run", "--config", self.at / "config.yaml"], capture_output=True, text=True,
                              timeout=PATIENCE, env={**clean, **environment}, check=False)
        self.assertNotIn("word-of-proxy", done.stdout + done.stderr)
        return done

    def test_I10_the_api_is_asked_through_it_with_tls_to_the_api(self):
        proxy = self.proxy(login=LOGIN)
        self.configure(f"http://{URL_LOGIN}@127.0.0.1:{proxy.port}")
        done = self.dry_run()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(done.stdout.count("\n"), 3)
        self.assertEqual(done.stderr.count("the API is asked through a proxy"), 1, done.stderr)
        self.assertIn(f"127.0.0.1:{proxy.port}", done.stderr)
        self.assertTrue(all(head.startswith("CONNECT api.test:443 HTTP/1.1\r\n") for head in proxy.asked), proxy.asked)
        self.assertFalse(any(KEY in head for head in proxy.asked), "the proxy saw the key")

    def test_I10_the_environment_names_it_and_no_proxy_takes_it_away(self):
        proxy = self.proxy()
        self.configure()
        by_variable = self.dry_run(HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}")
        self.assertEqual(by_variable.returncode, 0, by_variable.stderr)
        self.assertIn("named_by=HTTPS_PROXY", by_variable.stderr)
        asked = len(proxy.asked)
        self.assertGreater(asked, 0)
        straight = self.dry_run(HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", NO_PROXY="elsewhere,.test")
        self.assertEqual(straight.returncode, 1)
        self.assertIn("resolve api.test", straight.stderr)
        self.assertEqual(len(proxy.asked), asked)

    def test_I10_what_a_proxy_does_is_told_with_its_name(self):
        for how, login, said in (
                ({"login": LOGIN}, "grid:word-of-proxy-of-old@", "with 407 Proxy Authentication Required: user or password in api.proxy is wrong"),
                ({"login": LOGIN}, "", "407 Proxy Authentication Required: it wants user and password, in api.proxy"),
                ({"answer": "403 Forbidden"}, "", "refuses CONNECT to api.test:443 with 403 Forbidden"),
                ({"answer": "not HTTP"}, "", "CONNECT"),
                ({"answer": ""}, "", "no answer to CONNECT in time")):
            with self.subTest(said):
                proxy = self.proxy(**how)
                self.configure(f"http://{login}127.0.0.1:{proxy.port}", patience="1s")
                done = self.dry_run()
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertIn(f"proxy 127.0.0.1:{proxy.port}", done.stderr)

    def test_I10_a_proxy_that_is_away_is_told_as_the_reason_why_the_api_is_away(self):
        proxy = self.proxy()
        self.configure(f"http://127.0.0.1:{proxy.port}")
        proxy.stop()
        daemon = Part("daemon", [DAEMON, "run", "--config", self.at / "config.yaml"], self.at).start()
        self.addCleanup(daemon.stop)
        log = lambda: daemon.log.read_text(encoding="utf-8")
        daemon.wait_until(lambda: "the API is away" in log(), PATIENCE)
        line = next(line for line in log().splitlines() if "the API is away" in line)
        self.assertIn(f"proxy 127.0.0.1:{proxy.port}: connect to", line)
        self.assertIn("Connection refused", line)
        self.assertEqual(log().count("the API is asked through a proxy"), 1, log())


if __name__ == "__main__":
    case_report.main("integration_proxy")
