#!/usr/bin/env python3
"""check-config as a person meets it: what it says, and that no input takes it a second or 100 MB."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "support")]

import case_report

PROGRAM = Path(os.environ["OES_BUILD_DIR"]) / "src" / "openelectricity-stream"
PATIENCE = float(os.environ.get("OES_PATIENCE", "1"))
MEGABYTE = 1024 * 1024
USUAL = {"OPENELECTRICITY_API_KEY": "oe_test_key_0001", "KAFKA_BOOTSTRAP_SERVERS": "localhost:9092", "PATH": "/usr/bin:/bin"}


class Ended:
    def __init__(self, code, text, seconds, megabytes):
        self.code, self.text, self.seconds, self.megabytes = code, text, seconds, megabytes


def run(*arguments, env=None, timeout=60):
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([str(PROGRAM), *arguments], env=USUAL if env is None else env, stdout=out,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        deadline = begun + timeout
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                raise AssertionError(f"{arguments} did not end within {timeout} s")
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        # Its own work, not what the machine does beside it.
        return Ended(process.returncode, out.read().decode(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def bomb():
    text = "x0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for i in range(1, 12):
        text += f"x{i}: &x{i} [" + ", ".join([f"*x{i - 1}"] * 9) + "]\n"
    return text.encode()


HOSTILE = {
    "text behind a flow map": b'{"deployment": "x"},',
    "text behind a flow list": b"[a],",
    "text behind a scalar": b'"a",',
    "many documents": b"--- {}\n" * 20_000,
    "documents of nothing": b"---\n" * 100_000,
    "commas": b"," * 100_000,
    "49,000 unknown keys": "".join(f"key_{i}: 1\n" for i in range(49_000)).encode(),
    "15,000 unknown keys that nearly are known": "".join(f"deploymen{i}: 1\n" for i in range(15_000)).encode(),
    "unknown metrics": ("defaults: {metrics: [" + ", ".join(f"pover{i}" for i in range(4_900)) + "]}").encode(),
    "a duplicate key, often": b"deployment: a\n" * 15_000,
    "deep lists": b"a: " + b"[" * 200_000,
    "deep maps": b"a: " + b"{" * 200_000,
    "deep blocks": "".join(" " * i + "a:\n" for i in range(900)).encode(),
    "deep sequences": b"- " * 200_000,
    "deep keys": b"? " * 200_000,
    "aliases of aliases": bomb(),
    "an alias in itself": b"x: &x [*x]",
    "a long alias, often": b'x: &x "' + b"a" * 200_000 + b'"\ny: [' + b"*x, " * 20_000 + b"a]",
    "500 streams in one topic": ("streams:\n" + "".join(
        f"- {{name: s{i}, metrics: [power, energy, emissions, market_value, price, demand]}}\n" for i in range(500))).encode(),
    "10,000 streams": ("streams:\n" + "- {name: a}\n" * 10_000).encode(),
    "a long list of facilities": ("defaults: {facility_code: [" + ", ".join(f"F{i}" for i in range(4_900)) + "]}").encode(),
    "a long key": b"k" * 400_000 + b": 1",
    "a long value": b"deployment: " + b"v" * 400_000,
    "a long quoted text": b'deployment: "' + b"\\x41" * 100_000,
    "quotes": b'"' * 400_001,
    "tags": b"!" * 400_000,
    "anchors": b"&a " * 130_000,
    "directives": b"%YAML 1.2\n" * 40_000,
    "blanks": b" " * 500_000,
    "empty lines": b"\n" * 500_000,
    "comments": b"# \n" * 160_000,
    "bars": b"a: |\n" + b" x\n" * 160_000,
    "NUL": b"a: b\n\x00c: d\n",
    "only NUL": b"\x00" * 100_000,
    "binary": bytes(i * 7919 % 251 for i in range(300_000)),
    "not UTF-8": b"deployment: caf\xe9\n",
    "UTF-16": "deployment: x\n".encode("utf-16"),
    "a megabyte": b"# " + b"x" * MEGABYTE,
}


class CheckConfigTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = Path(folder.name)

    def check(self, content, env=None):
        file = self.at / "c.yaml"
        file.write_bytes(content)
        return run("check-config", "-c", str(file), env=env)

    def test_D4_no_input_takes_a_second_or_100_megabytes(self):
        for name, content in HOSTILE.items():
            with self.subTest(name):
                ended = self.check(content)
                self.assertIn(ended.code, (0, 78), ended.text[:500])
                if ended.code == 78:
                    self.assertIn("error: ", ended.text)
                self.assertLess(len(ended.text), 200_000)
                self.assertLess(ended.seconds, 1 * PATIENCE)
                self.assertLess(ended.megabytes, 100 * PATIENCE)

    def test_D4_no_kind_of_file_keeps_it_waiting(self):
        os.mkfifo(self.at / "pipe")
        for path in (str(self.at / "pipe"), "/dev/zero", str(self.at), "/proc/self/mem"):
            with self.subTest(path):
                ended = run("check-config", "-c", path, timeout=5)
                self.assertEqual(ended.code, 78, ended.text)
                self.assertEqual(ended.text.count("\n"), 1, ended.text)
                if path.endswith("pipe"):
                    self.assertIn("`--config -` reads standard input", ended.text)
        ended = self.check(f"api: {{api_key_file: {self.at / 'pipe'}}}".encode(), {**USUAL, "OPENELECTRICITY_API_KEY": ""})
        self.assertEqual(ended.code, 78)
        self.assertIn("not a regular file", ended.text)

    def test_I1_librdkafka_itself_is_asked(self):
        for properties, said in (
                ("compresion.type: lz4", "did you mean 'compression.type'?"),
                ("linger.ms: abc", "linger.ms"),
                ("security.protocol: sasl_sssl", "security.protocol"),
                ("security.protocol: sasl_ssl, sasl.mechanism: SCRAM-SHA-512", "sasl.username"),
                ("security.protocol: ssl, ssl.ca.location: /nonexistent/ca.pem", "ssl.ca.location"),
                ("security.protocol: sasl_ssl, sasl.jaas.config: x", "a property of Java's client"),
                ("ssl.truststore.location: /x", "ssl.ca.location")):
            with self.subTest(properties):
                ended = self.check(f"kafka: {{properties: {{{properties}}}}}".encode())
                self.assertEqual(ended.code, 78, ended.text)
                self.assertIn(said, ended.text)

    def test_I1_an_address_or_a_file_of_certificates_that_run_could_not_use_is_a_fault(self):
        empty = self.at / "empty.pem"
        empty.write_text("")
        for api, key in (("base_url: 'https://api.example:0/v4'", "api.base_url"),
                         ("base_url: 'https://[127.0.0.1]:8443/v4'", "api.base_url"),
                         ("base_url: 'https://api.example/v{4}'", "api.base_url"),
                         (f"ca_file: {empty}", "api.ca_file"), (f"ca_file: {self.at}", "api.ca_file")):
            with self.subTest(api):
                text = f"progress_path: {self.at}/progress\napi: {{{api}}}\n"
                ended = self.check(text.encode())
                self.assertEqual(ended.code, 78, ended.text)
                self.assertIn(f"error: {key}: ", ended.text)
                ran = run("run", "-c", str(self.at / "c.yaml"))
                self.assertEqual(ran.code, 78, ran.text)

    def test_I1_run_says_the_same_before_it_begins(self):
        file = self.at / "c.yaml"
        file.write_text("kafka: {properties: {compresion.type: lz4}}\n")
        checked, ran = (run(command, "-c", str(file)) for command in ("check-config", "run"))
        self.assertEqual((ran.code, ran.text), (checked.code, checked.text))

    def test_I2_wishes_that_cannot_come_true(self):
        (self.at / "file").write_text("x")
        for content, code, said in (
                ("defaults: {start: 2130-01-01}", 0, "warning: defaults.start: it lies in the future"),
                ("defaults: {network_code: WEM, network_region: NSW1}", 78, "error: defaults.network_region"),
                ("defaults: {interval: 1M}", 0, "warning: defaults.interval: an interval of 1M polled every 5m"),
                (f"progress_path: {self.at}/file/progress", 78, "cannot be made"),
                (f"progress_path: {self.at}/file", 78, "not a folder"),
                ("progress_path: /dev/null/oes", 78, "cannot be made")):
            with self.subTest(content):
                text = content if "progress_path" in content else f"progress_path: {self.at}/progress\n{content}"
                ended = self.check(text.encode())
                self.assertEqual(ended.code, code, ended.text)
                self.assertIn(said, ended.text)
        self.assertFalse((self.at / "progress").exists())

    def test_I3_quotes_and_blanks_in_the_environment(self):
        quoted = self.check(b"", {**USUAL, "OPENELECTRICITY_API_KEY": '"oe_test_key_0001"'})
        self.assertEqual(quoted.code, 78)
        self.assertIn("OPENELECTRICITY_API_KEY: the value stands in quotes", quoted.text)
        blanks = self.check(b"", {**USUAL, "KAFKA_BOOTSTRAP_SERVERS": "a:9092, b:9092 ,"})
        self.assertEqual(blanks.code, 0, blanks.text)

    def test_I8_an_environment_file_stands_for_the_services_environment(self):
        bare = {"PATH": "/usr/bin:/bin"}
        file = self.at / "environment"
        file.write_text("# of the service\nKAFKA_BOOTSTRAP_SERVERS=broker:9092\nOPENELECTRICITY_API_KEY=\"oe_test_key_0001\"\n")
        config = self.at / "c.yaml"
        config.write_text(f"progress_path: {self.at}/progress\n")
        self.assertEqual(run("check-config", "-c", str(config), env=bare).code, 78)
        told = run("--env-file", str(file), "check-config", "-c", str(config), env=bare)
        self.assertEqual(told.code, 0, told.text)
        behind = run("check-config", "-c", str(config), "--env-file", str(file), env=bare)
        self.assertEqual(behind.code, 0, behind.text)
        lost = run("check-config", "--env-file", "/nonexistent/env", env=bare)
        self.assertEqual(lost.code, 78)
        self.assertIn("/nonexistent/env", lost.text)

    def test_a_whole_file_by_standard_input_or_in_a_variable(self):
        text = f"progress_path: {self.at}/progress\nlog: {{level: loud}}\n"
        done = subprocess.run([str(PROGRAM), "check-config", "--config", "-"], env=USUAL, input=text, text=True,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertIn("<stdin>:2:14: error: log.level", done.stderr)
        told = run("check-config", env={**USUAL, "OPENELECTRICITY_STREAM_CONFIG_YAML": text})
        self.assertEqual(told.code, 78)
        self.assertIn("$OPENELECTRICITY_STREAM_CONFIG_YAML:2:14: error: log.level", told.text)
        good = run("check-config", env={**USUAL, "OPENELECTRICITY_STREAM_CONFIG_YAML": text.replace("loud", "info")})
        self.assertEqual(good.code, 0, good.text)
        both = run("check-config", env={**USUAL, "OPENELECTRICITY_STREAM_CONFIG_YAML": text, "OPENELECTRICITY_STREAM_CONFIG": "/f"})
        self.assertEqual(both.code, 78)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become somebody else")
    def test_an_ordinary_user_keeps_progress_at_home(self):
        self.at.chmod(0o755)
        home = self.at / "home"
        home.mkdir()
        os.chown(home, 65534, 65534)
        program = self.at / "program"
        shutil.copy(PROGRAM, program)
        def as_nobody(**more):
            return subprocess.run([str(program), "print-config"], env={**USUAL, "HOME": str(home), **more}, user=65534,
                                  group=65534, extra_groups=[], capture_output=True, text=True, check=False)
        at_home = as_nobody()
        self.assertIn(f"progress_path: {home}/.local/state/openelectricity-stream\n", at_home.stdout, at_home.stderr)
        self.assertEqual(at_home.stderr.count("progress is kept in"), 1)
        self.assertIn(f"progress_path: {home}/x/openelectricity-stream", as_nobody(XDG_STATE_HOME=f"{home}/x").stdout)
        self.assertIn("without HOME nothing says where else", as_nobody(HOME="").stderr)
        told = as_nobody(OPENELECTRICITY_STREAM_PROGRESS_PATH="/elsewhere")
        self.assertIn("progress_path: /elsewhere", told.stdout)
        self.assertNotIn("progress is kept in", told.stderr)

    def test_I9_problems_are_json_where_the_log_is(self):
        file = self.at / "c.yaml"
        file.write_text("log: {format: json}\ndefaults: {interval: 1M}\nstreams: [{name: a, nam: b}]\n")
        ended = run("run", "-c", str(file))
        self.assertEqual(ended.code, 78)
        lines = [json.loads(line) for line in ended.text.splitlines()]
        self.assertTrue(any(line["level"] == "error" and "unknown key" in line["msg"] and line["line"] == 3
                            for line in lines), lines)

    def test_G1_arguments_are_text(self):
        for argument in (b"caf\xe9", b"a\x1b[2J", "a\u202e".encode(), b"two\nlines", "\x9b".encode()):
            with self.subTest(argument):
                done = subprocess.run([str(PROGRAM), "progress", "reset", "--stream", "s", "--reason", argument],
                                      env=USUAL, capture_output=True, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.count(b"\n"), 1)
                done.stderr.decode()  # is UTF-8
        good = subprocess.run([str(PROGRAM), "progress", "reset", "--stream", "s", "--reason", "café", "-c", "/nonexistent"],
                              env=USUAL, capture_output=True, check=False)
        self.assertEqual(good.returncode, 78)


if __name__ == "__main__":
    case_report.main("integration_check_config")
