#!/usr/bin/env python3
"""E1: an answer that makes the daemon throw, as no known answer does: the test build throws where an answer holds a certain
word. It ends the process twice, and then that stream alone waits; the other runs. Python's standard library only."""

import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "integration" / "app")]

import test_api_trouble as trouble
import case_report
from parts import BINARIES, Clock, start_mock_kafka, start_simulator

DAEMON = BINARIES.parent / "tests" / "chaos" / "openelectricity-stream-chaos"
SPEED = 40  # a stream that is set apart waits for five minutes: seven seconds
WORD = "nightshade"
PATIENCE = 4 * trouble.PATIENCE
POISONOUS = r'openelectricity_stream_apart\{deployment="[^"]*",stream="regions",reason="ended_process"\} '


class House(trouble.House):
    def __init__(self, parent, name: str, deployment: str = ""):
        super().__init__(parent, name, DAEMON, deployment, {"OES_CHAOS_POISON": WORD})

    def poison(self):
        def poisonous(path, key):
            if "/market/" not in path:
                return None
            status, headers, body = trouble.Handler.forward(Forwarding(self.proxy, path))
            return status, headers, body.replace(b"{", b'{"x":"%s",' % WORD.encode(), 1)
        self.proxy.trouble = poisonous

    def heal(self):
        self.proxy.trouble = lambda path, key: None

    def dies(self) -> str:
        """Its last line."""
        self.assert_is(self.daemon.process.wait(PATIENCE), 70)
        return self.daemon.log.read_text(encoding="utf-8").splitlines()[-1]

    @staticmethod
    def assert_is(found, wanted):
        if found != wanted:
            raise AssertionError(f"{found} is not {wanted}")

    def ends(self) -> list:
        return (self.folder / "progress" / "unexpected_ends").read_text(encoding="utf-8").splitlines()

    def stream(self, name: str, status: dict = None) -> list:
        return [one for one in (status or self.status())["streams"] if one["stream"] == name]

    def wait_until_set_apart(self) -> dict:
        return self.wait(lambda s: s["streams"] and any(one["state"] == "set_apart" for one in s["streams"]))


class Forwarding:
    def __init__(self, server, path: str):
        self.server = server
        self.path = path


class PoisonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory(prefix="oes-poison-test-")
        cls.addClassCleanup(made.cleanup)
        cls.folder = pathlib.Path(made.name)
        cls.clock = Clock(trouble.START, SPEED)
        simulator, cls.api = start_simulator(BINARIES, cls.folder, cls.clock, trouble.KEY, "--calm", "--rate-limit", "off")
        cls.addClassCleanup(simulator.stop)
        broker, cls.bootstrap = start_mock_kafka(BINARIES, cls.folder)
        cls.addClassCleanup(broker.stop)

    def test_E1_after_two_ends_in_a_row_the_poisonous_stream_waits_and_the_other_runs(self):
        house = House(self, "poison")
        house.daemon.start()
        house.wait_for_records()
        house.poison()
        last = house.dies()
        self.assertRegex(last, r'critical something unexpected happened.* stream="regions" dataset="market" '
                               r'window="2026-[^"]* to 2026-[^"]*" reason="a poisonous answer" exit_code=70')
        window = re.search('window="([^"]*)"', last).group(1)
        self.assertEqual([line.split("\t")[1:] for line in house.ends()],
                         [["regions", "market", "live", window, "a poisonous answer"]])
        house.daemon.start()
        window = re.search('window="([^"]*)"', house.dies()).group(1)
        self.assertEqual(len(house.ends()), 2)

        house.daemon.start()
        status = house.wait_until_set_apart()
        for one in house.stream("regions", status):
            self.assertEqual(one["state"], "set_apart")
            self.assertIn("2 times in a row", one["last_error"])
            self.assertIn(window, one["last_error"])
            self.assertEqual(one["records"], 0)
        self.assertRegex(house.ask("/metrics")[1], POISONOUS + "1")
        told = house.lines("a stream is set apart, its progress stays; the others go on")
        self.assertEqual(len(told), 1)
        self.assertIn("stream=regions", told[0])
        house.heal()
        fuel = house.wait(lambda s: all(one["records"] for one in house.stream("fuel", s)))
        self.assertEqual({one["state"] for one in house.stream("regions", fuel)}, {"set_apart"})
        self.assertEqual(house.ask("/readyz")[0], 200)

        house.wait(lambda s: all(one["records"] and one["state"] != "set_apart" for one in house.stream("regions", s)))
        self.assertRegex(house.ask("/metrics")[1], POISONOUS + "0")
        self.assertEqual(len(house.lines("the request that had ended the process succeeded")), 1)
        self.assertEqual(house.ends(), [])
        self.assertEqual(house.daemon.stop(), 0)

    def test_E1_a_poison_that_stays_ends_the_process_again_after_the_pause_and_the_next_is_longer(self):
        house = House(self, "stays")
        house.daemon.start()
        house.wait_for_records()
        house.poison()
        for _ in range(2):
            house.dies()
            house.daemon.start()
        house.wait_until_set_apart()
        house.dies()
        self.assertEqual(len(house.ends()), 3)
        house.daemon.start()
        status = house.wait_until_set_apart()
        self.assertIn("3 times in a row", house.stream("regions", status)[0]["last_error"])

    def test_E1_an_instance_with_a_folder_of_its_own_learns_of_it_from_Kafka(self):
        first = House(self, "here")
        first.daemon.start()
        first.wait_for_records()
        first.poison()
        first.dies()
        first.daemon.start()  # its claim tells of the first end
        first.dies()
        other = House(self, "there", deployment="here")
        other.poison()
        other.daemon.start()
        other.dies()
        self.assertEqual(len(other.ends()), 1)
        other.daemon.start()
        status = other.wait_until_set_apart()
        self.assertIn("2 times in a row", other.stream("regions", status)[0]["last_error"])
        other.wait(lambda s: all(one["records"] for one in other.stream("fuel", s)))


if __name__ == "__main__":
    case_report.main("integration_poison")
