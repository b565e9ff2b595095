"""The metrics as Prometheus' own tool judges them, and in the number that is promised."""

import pathlib
import subprocess
import sys
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]

from parts import BINARIES


@pytest.fixture(params=["healthy", "kafka-away", "standby", "fifty"])
def scraped(request) -> tuple:
    """(state, exposition)"""
    server = subprocess.Popen([BINARIES.parent / "tests" / "page_server", request.param], stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/metrics"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=60) as answer:
            yield request.param, answer.read().decode()
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_promtool_finds_nothing(scraped):
    judged = subprocess.run(["promtool", "check", "metrics"], input=scraped[1], capture_output=True, text=True, timeout=60,
                            check=False)
    assert judged.returncode == 0 and not judged.stdout and not judged.stderr, judged.stdout + judged.stderr


def test_no_family_is_told_twice(scraped):
    names = [line.split()[2] for line in scraped[1].splitlines() if line.startswith("# TYPE ")]
    assert len(names) == len(set(names)) > 50
