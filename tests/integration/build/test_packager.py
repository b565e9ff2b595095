#!/usr/bin/env python3
"""What a packager does: configure with flags of his own, install into a folder of his own. Nothing is compiled here."""
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "support")]

import case_report

SOURCE = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ["OES_BUILD_DIR"])


def run(*command, **environment):
    done = subprocess.run(
        command, cwd=SOURCE, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


def compile_commands(build):
    commands = json.loads((build / "compile_commands.json").read_text())
    # In a build in batches a room's sources are named by a file of CMake's.
    return [one["command"] for one in commands if one["file"].startswith((str(SOURCE / "src"), str(build / "src")))]


class PackagerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.at = Path(self.folder.name)

    def test_J1_a_plain_release_build_has_no_warning_as_error_and_the_packagers_flags(self):
        build = self.at / "b"
        run("cmake", "-B", str(build), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DOES_TESTS=OFF",
            "-DCMAKE_INSTALL_PREFIX=/opt/oes", CXXFLAGS="-DPACKAGERS_FLAG=1", LDFLAGS="-Wl,-z,now")
        commands = compile_commands(build)
        self.assertTrue(commands)
        for command in commands:
            self.assertNotIn("-Werror", command)
            self.assertIn("-DPACKAGERS_FLAG=1", command)
            self.assertIn("-O3", command)
        self.assertIn("-Wl,-z,now", (build / "build.ninja").read_text())
        self.assertIn("CMAKE_INSTALL_PREFIX:PATH=/opt/oes", (build / "CMakeCache.txt").read_text())

    def test_J1_our_own_builds_take_warnings_as_errors(self):
        build = self.at / "b"
        run("cmake", "--preset", "release", "-B", str(build), "-DOES_TESTS=OFF")
        commands = compile_commands(build)
        self.assertTrue(commands)
        for command in commands:
            self.assertIn("-Werror", command)

    def test_J1_install_honours_destdir_and_prefix(self):
        for prefix, configuration in (("/usr", "etc/openelectricity-stream"),
                                      ("/opt/oes", "opt/oes/etc/openelectricity-stream")):
            root = self.at / prefix.strip("/").replace("/", "-")
            run("cmake", "--install", str(BUILD), "--prefix", prefix, DESTDIR=str(root))
            files = {str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()}
            under = prefix.strip("/")
            unit = f"{under}/lib/systemd/system/openelectricity-stream.service"
            template = f"{under}/lib/systemd/system/openelectricity-stream@.service"
            self.assertEqual(files, {
                f"{under}/bin/openelectricity-stream",
                f"{under}/libexec/openelectricity-stream/openelectricity-simulator",
                unit,
                template,
                f"{under}/lib/sysusers.d/openelectricity-stream.conf",
                f"{under}/share/man/man1/openelectricity-stream.1.gz",
                f"{under}/share/bash-completion/completions/openelectricity-stream",
                f"{under}/share/zsh/vendor-completions/_openelectricity-stream",
                f"{under}/share/fish/vendor_completions.d/openelectricity-stream.fish",
                f"{under}/share/doc/openelectricity-stream/examples/openelectricity-stream.yaml",
                f"{configuration}/openelectricity-stream.yaml",
                f"{configuration}/openelectricity-stream.schema.json",
            })
            self.assertIn(f"{prefix}/bin/openelectricity-stream", (root / unit).read_text())
            one, several = (root / unit).read_text(), (root / template).read_text()
            self.assertIn(f"--config /{configuration}/openelectricity-stream.yaml\n", one)
            self.assertIn(f"--config /{configuration}/%i.yaml\n", several)
            self.assertNotIn("openelectricity-stream.yaml", several)
            self.assertIn("StateDirectory=openelectricity-stream@%i\n", several)
            for text in (one, several):
                self.assertEqual(text.count("User=openelectricity-stream\n"), 1)
                self.assertNotIn("DynamicUser=yes", text)
            self.assertTrue(os.access(root / under / "bin/openelectricity-stream", os.X_OK))
            first = (root / configuration / "openelectricity-stream.yaml").read_text()
            self.assertIn(f"# {prefix}/share/doc/openelectricity-stream/examples/openelectricity-stream.yaml\n", first)
            self.assertIn(f"api_key_file: /{configuration}/secrets/api_key\n", first)

    def test_J1_a_package_has_alerts_and_dashboard_where_its_handbook_leads_to_them(self):
        changelog = BUILD / "generated" / "changelog.gz"
        if not changelog.exists():  # cpack makes it
            changelog.touch()
            self.addCleanup(changelog.unlink)
        run("cmake", "--install", str(BUILD), "--component", "daemon", "--prefix", "/usr", DESTDIR=str(self.at))
        handbook = self.at / "usr/share/doc/openelectricity-stream/docs"
        led_to = {link for page in handbook.glob("*.md")
                  for link in re.findall(r"\]\((\.\./deploy/(?:prometheus|grafana|kubernetes)/[^)#]+)", page.read_text())}
        self.assertEqual(len(led_to), 4)
        for link in led_to:
            self.assertTrue((handbook / link).is_file(), link)
        self.assertTrue((handbook / "runbook.md").is_file())

    def test_without_tests_neither_simulator_nor_mock_is_built(self):
        build = self.at / "b"
        run("cmake", "-B", str(build), "-G", "Ninja", "-DOES_TESTS=OFF")
        targets = (build / "build.ninja").read_text()
        self.assertIn("openelectricity-stream", targets)
        self.assertNotIn("openelectricity-simulator", targets)
        self.assertNotIn("openelectricity-mock-kafka", targets)

    def test_what_the_dockerfile_copies_and_dockerignore_lets_through_is_enough_to_configure(self):
        let_through = [line[1:] for line in (SOURCE / ".dockerignore").read_text().split() if line.startswith("!")]
        copied = [line.split()[1:-1] for line in (SOURCE / "Dockerfile").read_text().splitlines()
                  if line.startswith("COPY ") and "--from" not in line]
        context = self.at / "context"
        context.mkdir()
        for name in sum(copied, []):
            self.assertIn(name, let_through)
            copy = shutil.copytree if (SOURCE / name).is_dir() else shutil.copy
            copy(SOURCE / name, context / name)
        run("cmake", "--preset", "release", "-S", str(context), "-B", str(self.at / "b"), "-DOES_TESTS=OFF",
            "-DOES_COMMIT=abc123")

    def test_the_executable_is_hardened(self):
        """Position independent, all of its relocations read-only, with stack protector, fortified calls and checks of the library."""
        if "OES_SANITIZE:STRING=\n" not in (BUILD / "CMakeCache.txt").read_text() or not shutil.which("readelf"):
            self.skipTest("a build with a sanitizer, or no readelf")
        executable = str(BUILD / "src/openelectricity-stream")
        headers = run("readelf", "--file-header", "--program-headers", "--dynamic", "--notes", "--wide", executable)
        self.assertRegex(headers, r"Type:\s+DYN \(Position-Independent Executable")
        self.assertIn("GNU_RELRO", headers)
        self.assertRegex(headers, r"FLAGS\)?\s+BIND_NOW|\(FLAGS_1\)\s+Flags: NOW")
        self.assertNotRegex(headers, r"GNU_STACK.*RWE")
        symbols = run("readelf", "--dyn-syms", "--wide", executable)
        self.assertIn("__stack_chk_fail", symbols)
        self.assertIn("__glibcxx_assert_fail", symbols)
        if "CMAKE_BUILD_TYPE:STRING=Debug" not in (BUILD / "CMakeCache.txt").read_text():
            self.assertRegex(symbols, r"__[a-z]+_chk@")
        if platform.machine() == "x86_64":
            # Not the note: the linker sets it only where libc's own start files have it too, and bookworm's have not.
            endbr64 = b"\xf3\x0f\x1e\xfa"
            self.assertGreater(Path(executable).read_bytes().count(endbr64), 1000)


if __name__ == "__main__":
    case_report.main("integration_build")
