"""Debian's Prometheus with deploy/prometheus' own scrape configuration and rules: only targets are replaced, and times made shorter."""

import json
import pathlib
import re
import subprocess
import time
import urllib.parse
import urllib.request

from kafka import free_port
from parts import Part

SOURCE = pathlib.Path(__file__).resolve().parents[3] / "deploy" / "prometheus"
COMPOSE_TARGETS = '["openelectricity-stream:9464"]'
SECONDS_A_MINUTE = 6  # of each `for`: 5m are half a minute
UNITS = {"m": 1, "h": 60, "d": 1440}


def promtool(*arguments, given: str = None) -> str:
    """What it says, nothing where it is content; it must end well."""
    done = subprocess.run(["promtool", *map(str, arguments)], input=given, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def shortened(rules: str) -> str:
    return re.sub(r"(?m)^( +for: )(\d+)([mhd])$",
                  lambda found: f"{found[1]}{min(int(found[2]) * UNITS[found[3]] * SECONDS_A_MINUTE, 120)}s", rules)


class Prometheus:
    def __init__(self, folder: pathlib.Path, ports: list):
        self.folder = folder
        folder.mkdir()
        config = (SOURCE / "prometheus.yml").read_text(encoding="utf-8")
        assert COMPOSE_TARGETS in config and config.count("interval: 15s") == 2
        config = config.replace(COMPOSE_TARGETS, json.dumps([f"127.0.0.1:{port}" for port in ports]))
        (folder / "prometheus.yml").write_text(config.replace("interval: 15s", "interval: 1s"), encoding="utf-8")
        (folder / "rules.yaml").write_text(shortened((SOURCE / "rules.yaml").read_text(encoding="utf-8")), encoding="utf-8")
        self.url = f"http://127.0.0.1:{free_port()}"
        self.part = Part("prometheus", ["/usr/bin/prometheus", f"--config.file={folder}/prometheus.yml",
                                        f"--storage.tsdb.path={folder}/data", f"--web.listen-address={self.url[7:]}"], folder)

    def __enter__(self) -> "Prometheus":
        self.part.start()
        self.part.wait_until(self.is_ready, 60)
        return self

    def __exit__(self, *_):
        self.part.stop()

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def ask(self, expression: str) -> list:
        """(labels, value) of each series."""
        wanted = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"{self.url}/api/v1/query?{wanted}", timeout=30) as answer:
            result = json.load(answer)["data"]
        assert result["resultType"] == "vector", expression
        return [(one["metric"], float(one["value"][1])) for one in result["result"]]

    def wait_for(self, expression: str, seconds: float = 240) -> list:
        """Its answer, once there is one."""
        deadline = time.monotonic() + seconds
        while not (found := self.ask(expression)):
            assert time.monotonic() < deadline, f"still nothing: {expression}"
            time.sleep(0.5)
        return found

    def firing(self, deployment: str) -> set:
        return {labels["alertname"] for labels, _ in self.ask(f'ALERTS{{alertstate="firing",deployment="{deployment}"}}')}
