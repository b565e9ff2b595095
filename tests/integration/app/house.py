"""A deployment of the whole program for the tests beside this file: processes against the simulator and librdkafka's mock
broker. Python's standard library only, so that it runs where nothing is installed for it."""

import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support")]

from daemon_config import config
from http_status import ask, status
from kafka import free_port
from parts import BINARIES, Clock, Part, start_mock_kafka, start_simulator

DAEMON = BINARIES / "openelectricity-stream"
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

    def on_a_terminal(self, *words, **environment) -> str:
        """What a command prints there."""
        keyboard, terminal = pty.openpty()
        with subprocess.Popen([DAEMON, *words, "--config", self.config], stdin=subprocess.DEVNULL, stdout=terminal,
                              env={**os.environ, "TERM": "xterm", **environment}):
            os.close(terminal)
            text = b""
            try:
                while piece := os.read(keyboard, 65536):
                    text += piece
            except OSError:  # Linux' way of telling the end
                pass
        os.close(keyboard)
        return text.decode()

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


class Street(unittest.TestCase):
    """A simulator and a broker for every House of a class."""

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
