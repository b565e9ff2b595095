#!/usr/bin/env python3
"""Signals, and what stands at the ends of stdout and stderr: readers that leave, pipes that fill, disks that are full."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "integration" / "app")]

import case_report
from house import DAEMON, PATIENCE, House, Street

NO_LINE_DROPPED = r"\nopenelectricity_log_lines_dropped_total\{[^}]*\} 0\n"


class PipesTest(Street):
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
                lambda: house.log().count('the configuration was read again outcome="nothing has changed in /') == times, PATIENCE)
        house.wait_for_records(house.status()["records"])
        self.assertEqual(house.stop()[0], 0)

    def test_E8_what_a_token_command_says_on_stderr_becomes_lines_of_the_log(self):
        says = r"""printf 'line1\n{"level":"critical"}\n\033[31mred' >&2; exit 3"""
        house = self.started("talkative", bootstrap="127.0.0.1:1", log={"format": "json"},
                             kafka={"token_command": says,
                                    "properties": {"security.protocol": "sasl_plaintext", "sasl.mechanism": "OAUTHBEARER"}})
        house.daemon.wait_until(lambda: "31mred" in house.log(), PATIENCE)
        self.assertEqual(house.stop()[0], 0)
        lines = [json.loads(line) for line in house.log().splitlines()]
        told = [line["line"] for line in lines if line["msg"] == "kafka.token_command says"]
        self.assertEqual(told[:3], ["line1", '{"level":"critical"}', r"\u001b[31mred"])

    def test_E8_why_it_does_not_start_is_an_error_in_the_journal(self):
        """journald's stdout socket, as the service manager connects it: it files a line by the number that it begins with."""
        place = self.folder / "systemd" / "journal" / "stdout"
        place.parent.mkdir(parents=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
            listener.listen()
            house = House(self, "filed")
            for words, code in ((("run", "--no-such-option"), 2), (("run", "--config", self.folder / "no-such-file"), 78),
                                (("run", b"\xff"), 2), (("reload", "--config", house.config), 1)):
                with self.subTest(words), socket.socket(socket.AF_UNIX) as its:
                    its.connect(str(place))
                    ours, _ = listener.accept()
                    ended = subprocess.run([DAEMON, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=its,
                                           timeout=60, check=False)
                    its.close()
                    with ours, ours.makefile(encoding="utf-8") as said:
                        lines = said.read().splitlines()
                    self.assertEqual(ended.returncode, code, lines)
                    self.assertTrue(lines)
                    for line in lines:
                        self.assertRegex(line, "^<3>", lines)

    def test_E8_a_command_whose_reader_leaves_is_not_killed(self):
        house = House(self, "read-no-more")
        shell = subprocess.run(["bash", "-c", f'"{DAEMON}" print-config --config "{house.config}" | true; echo ${{PIPESTATUS[0]}}'],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertNotIn(shell.stdout.strip(), ("141", "-13"))

    def test_what_a_full_disk_does_not_take_is_no_success(self):
        house = House(self, "full")
        with open("/dev/full", "w") as full:
            for words in (("check-config", "--config", house.config), ("schema",), ("run", "--dry-run", "--config", house.config)):
                ended = subprocess.run([DAEMON, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                                       check=False)
                self.assertEqual(ended.returncode, 1, words)
                self.assertIn("stdout does not take what is printed", ended.stderr)

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


if __name__ == "__main__":
    case_report.main("integration_pipes")
