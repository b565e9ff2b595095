#!/usr/bin/env python3
"""Commands beside a daemon that runs, that does not, and that is another one."""

import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "integration" / "app")]

import case_report
from house import DAEMON, KEY, PATIENCE, House, Street


class CommandsTest(Street):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Started together: the mock broker's group takes three seconds to give a member its partition.
        cls.asked = cls.started("asked")
        cls.asked_by_others = cls.started("asked-by-others")
        cls.without_http = cls.started("without-http", http={"enabled": False})
        cls.frozen = cls.started("frozen")
        cls.neighbour = cls.started("neighbour")

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
        # A terminal gets colours, but where NO_COLOR (https://no-color.org) is set to something.
        for environment, is_coloured in (({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            with self.subTest(environment):
                shown = house.on_a_terminal("status", **environment)
                self.assertIn("regions", shown)
                self.assertEqual("\x1b[" in shown, is_coloured, shown)
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
        self.assertIn("its log says why it ended (under systemd: journalctl -u openelectricity-stream -p err)", stopped.stderr)
        self.assertEqual(stopped.returncode, 1)
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

    def test_a_daemon_that_stands_still_is_named_and_no_job_is_spoken_of(self):
        house = self.frozen
        house.wait_for_records()
        self.neighbour.wait_for_role("leading")
        # Two instances may have the same HTTP port configured: the second goes on without its page.
        own = house.config.read_text(encoding="utf-8")
        house.config.write_text(own.replace(str(house.port), str(self.neighbour.port)), encoding="utf-8")
        process = house.daemon.process
        process.send_signal(signal.SIGSTOP)
        try:
            healthy = house.command("healthcheck")
            shown = house.command("status", "--json")
        finally:
            process.send_signal(signal.SIGCONT)
        told = f"a daemon runs (process {process.pid}), but does not answer: its loop stands still, or the process is stopped"
        self.assertEqual(healthy.returncode, 1)
        self.assertEqual(healthy.stderr.splitlines(), [told])
        self.assertEqual(shown.stderr.splitlines()[0], told + "; showing progress")
        self.assertEqual(set(json.loads(shown.stdout)["streams"]), {"fuel", "regions"})
        self.assertEqual(house.command("healthcheck").returncode, 0)
        self.assertEqual(house.stop()[0], 0)
        for words in (("healthcheck",), ("healthcheck", "--ready")):
            self.assertEqual(house.command(*words).returncode, 1, "it asked a neighbour that has its port")
        self.assertIn("no daemon answers", house.command("status").stderr)

    def test_a_command_of_another_deployment_on_the_same_folder_is_answered_by_name_and_does_nothing(self):
        house = self.asked_by_others
        house.wait_for_records()
        own = house.config.read_text(encoding="utf-8")
        house.config.write_text(own.replace('deployment: "asked-by-others"', 'deployment: "another"'), encoding="utf-8")
        told = f"the daemon on {house.folder / 'progress'} serves deployment asked-by-others, not another"
        backfill = ("--stream", "fuel", "--from", "2026-03-08", "--to", "2026-03-09")
        for words in (("status",), ("status", "--json"), ("healthcheck",), ("healthcheck", "--ready"), ("reload",),
                      ("progress", "show"), ("progress", "seek", "--stream", "fuel", "--to", "2026-03-08", "--reason", "test", "--yes"),
                      ("backfill", *backfill), ("backfill", *backfill, "--dry-run")):
            with self.subTest(words):
                done = house.command(*words)
                self.assertIn(done.returncode, (1, 78), done.stdout + done.stderr)
                self.assertIn(told, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertEqual(house.stop()[0], 0)
        off = house.command("progress", "show")
        self.assertEqual(off.returncode, 1, off.stdout)
        self.assertIn("openelectricity.progress.asked-by-others", off.stderr)
        house.config.write_text(own, encoding="utf-8")
        self.assertEqual(house.command("progress", "show").returncode, 0)

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

    def test_a_control_socket_and_a_lock_that_are_taken_away_are_made_again(self):
        house = self.started("swept")
        progress = house.folder / "progress"
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        (progress / "control.sock").unlink()
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        (progress / "lock").unlink()
        house.daemon.wait_until(lambda: (progress / "lock").exists(), PATIENCE)
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        self.assertEqual(house.log().count("were taken away: they are made again"), 2)
        with (progress / "lock").open("r+", encoding="ascii") as other, self.assertRaises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_a_lock_that_another_process_holds_by_now_is_told(self):
        house = self.started("moved-away")
        progress = house.folder / "progress"
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        theirs = house.folder / "lock"
        with theirs.open("w", encoding="ascii") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            theirs.rename(progress / "lock")
            house.daemon.wait_until(lambda: "the lock of progress_path" in json.dumps(house.status()["health"]), PATIENCE)
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        house.daemon.wait_until(lambda: "the lock of progress_path" not in json.dumps(house.status()["health"]), PATIENCE)

    def test_a_reload_names_the_file_that_was_read(self):
        house = self.started("edited-elsewhere")
        house.daemon.wait_until(lambda: house.command("reload").returncode == 0, PATIENCE)
        self.assertEqual(house.command("reload").stdout, f"nothing has changed in {house.config}\n")
        other = house.folder / "other.yaml"
        other.write_text(house.config.read_text(encoding="utf-8"), encoding="utf-8")
        done = subprocess.run([DAEMON, "reload", "--config", other], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, f"the daemon reads {house.config}, not {other}\n")

    def test_a_reload_of_a_configuration_that_cannot_be_read_again_is_no_success(self):
        house = House(self, "by-variable")
        text = house.config.read_text(encoding="utf-8")
        ways = {"on standard input": ([DAEMON, "run", "--config", "-"], {}),
                "in $OPENELECTRICITY_STREAM_CONFIG_YAML": ([DAEMON, "run"], {"OPENELECTRICITY_STREAM_CONFIG_YAML": text})}
        for way, (words, more) in ways.items():
            with self.subTest(way), subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                                     env={**os.environ, **more}) as process:
                try:
                    process.stdin.write(text)
                    process.stdin.close()
                    deadline = time.monotonic() + PATIENCE
                    while (done := house.command("reload")).returncode != 78 and time.monotonic() < deadline:
                        time.sleep(0.1)
                    self.assertEqual(done.returncode, 78, done)
                    self.assertIn(f"the daemon was started with a configuration {way}", done.stderr)
                    self.assertNotIn("reload", json.dumps(house.status()["health"]))
                finally:
                    process.terminate()

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

    def test_D5_an_import_reads_plain_files_to_a_bound(self):
        house = House(self, "import", bootstrap="127.0.0.1:1")
        pipe, large = house.folder / "pipe", house.folder / "large"
        os.mkfifo(pipe)
        with large.open("wb") as file:
            file.truncate(1 << 40)  # sparse: a tebibyte
        for path, why in ((pipe, "is not a plain file"), ("/dev/zero", "is not a plain file"), (house.folder, "is not a plain file"),
                          (large, "is larger than 134217728 bytes"), (house.folder / "none", "is not there")):
            with self.subTest(path):
                refused = house.command("progress", "import", "--from", str(path), "--reason", "test", seconds=PATIENCE)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""))
                self.assertEqual(refused.stderr, f"cannot read {path}: it {why}\n")

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
    case_report.main("integration_commands")
