"""Alerts and dashboard as an operator gets them: Debian's Prometheus runs the rules and the scrape configuration of
deploy/prometheus against daemons that are well and daemons that are not, a real Kafka and the simulator."""

import datetime
import json
import math
import pathlib
import signal
import time
import urllib.request

import pytest
from harness.prometheus import SOURCE, Prometheus, promtool
from kafka import Cluster, free_port
from parts import BINARIES, Clock, start_daemon, start_simulator

DASHBOARD = SOURCE.parent / "grafana" / "dashboards" / "openelectricity-stream.json"
KEY = "alerts-test-key-0123456789"
COUNTED, SPENT, WRONG = "alerts-counted-key-0123456789", "alerts-spent-key-0123456789", "alerts-wrong-key-0123456789"
CONFIG = """\
deployment: {deployment}
progress_path: {folder}/progress
api: {{base_url: "{api}", api_key: {key}}}
kafka: {{bootstrap_servers: "{kafka}", create_topics: all}}
http: {{listen: "127.0.0.1:{port}"}}
defaults: {{start: -2h, primary_grouping: network_region, topic: "{deployment}.{{stream}}"}}
streams:
{streams}{clock}"""
STREAMS = "  - {name: nem, metrics: [power]}\n  - {name: nem-market, metrics: [price, demand]}\n"
MISSPELLED = "  - {name: nem, metrics: [power]}\n  - {name: misspelled, metrics: [data/no_such_metric]}\n"


class Daemon:
    """One instance; `deployment` may have several."""

    def __init__(self, folder: pathlib.Path, deployment: str, clock, **settings):
        self.folder = folder / f"{deployment}-{free_port()}"
        (self.folder / "progress").mkdir(parents=True)
        self.port = free_port()
        self.config = CONFIG.format(**{"folder": self.folder, "deployment": deployment, "port": self.port, "key": KEY,
                                       "streams": STREAMS, "clock": clock.yaml(), **settings})
        self.part = None

    def start(self) -> "Daemon":
        self.part = start_daemon(BINARIES, self.folder, self.config)
        return self

    def ask(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def role(self) -> str:
        try:
            return json.loads(self.ask("/status.json"))["role"]
        except OSError:
            return ""


class Scene:
    """Deployments in their states, each named after it."""

    def __init__(self, folder: pathlib.Path, kafka: str):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.clock = Clock(now.isoformat(timespec="seconds"), 1)  # Prometheus tells the time, too
        hurried = Clock((now - datetime.timedelta(days=1)).isoformat(timespec="seconds"), 300)
        calm = ("--calm", "--rate-limit", "off")
        self.parts = []
        api = self.simulator(folder / "api", self.clock, "--key", f"{COUNTED}:COMMUNITY:500", "--key", f"{SPENT}:COMMUNITY:3", *calm)
        away = self.simulator(folder / "away-api", hurried, *calm)
        skewed = self.simulator(folder / "skewed-api", self.clock, "--date-skew", "7200", *calm)
        far = self.simulator(folder / "far-api", self.clock, "--date-skew", "144000", *calm)  # 40 h: not followed
        self.away_simulator = self.parts[1]

        def daemon(deployment, clock=self.clock, **settings):
            return Daemon(folder, deployment, clock, **{"api": api, "kafka": kafka, **settings}).start()

        self.well = daemon("well", key=COUNTED)
        self.well.part.wait_until(lambda: self.well.role() == "leading", 120)
        self.daemons = {
            "well": self.well,
            "standby": daemon("well", key=COUNTED),
            "wrong-key": daemon("wrong-key", key=WRONG),
            "no-kafka": daemon("no-kafka", kafka=f"127.0.0.1:{free_port()}"),
            "api-away": daemon("api-away", clock=hurried, api=away),
            "stopped-stream": daemon("stopped-stream", streams=MISSPELLED),
            "wrong-clock": daemon("wrong-clock", api=skewed),
            "lost-clock": daemon("lost-clock", api=far),
            "spent": daemon("spent", key=SPENT),
            "refused": daemon("refused"),
            "gone": daemon("gone"),
        }

    def simulator(self, folder: pathlib.Path, clock, *options) -> str:
        folder.mkdir()
        part, url = start_simulator(BINARIES, folder, clock, KEY, *options)
        self.parts.append(part)
        return url

    def close(self):
        for part in [daemon.part for daemon in self.daemons.values()] + self.parts:
            part.stop()


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    with Cluster() as kafka:
        made = Scene(tmp_path_factory.mktemp("scene"), kafka.bootstrap)
        yield made
        made.close()


@pytest.fixture(scope="module")
def prometheus(scene, tmp_path_factory):
    with Prometheus(tmp_path_factory.mktemp("prometheus") / "it", [one.port for one in scene.daemons.values()]) as running:
        running.wait_for('openelectricity_leading{deployment="gone"} == 1')
        running.wait_for('openelectricity_stream_newest_interval_lag_seconds{deployment="api-away"}')
        # What breaks while it runs.
        scene.daemons["gone"].part.kill()
        scene.away_simulator.kill()
        refused = scene.daemons["refused"]
        (refused.folder / "openelectricity-stream.yaml").write_text("no_such_key: 1\n", encoding="utf-8")
        refused.part.process.send_signal(signal.SIGHUP)
        yield running


def test_rules_and_scrape_configuration_are_valid_and_each_rule_passes_its_tests():
    assert "FAILED" not in promtool("check", "rules", SOURCE / "rules.yaml")
    assert "FAILED" not in promtool("check", "config", SOURCE / "prometheus.yml")
    for tests in sorted(SOURCE.glob("*_test.yaml")):
        promtool("test", "rules", tests)


@pytest.mark.parametrize("who", ["well", "standby", "wrong-key", "no-kafka"])
def test_metrics_follow_the_rules_of_prometheus(scene, who):
    scene.daemons[who].part.wait_until(lambda: scene.daemons[who].role(), 60)
    assert promtool("check", "metrics", given=scene.daemons[who].ask("/metrics")) == ""


@pytest.mark.parametrize("deployment, alert", [
    ("wrong-key", "OpenElectricityAuthentication"),
    ("no-kafka", "OpenElectricityKafkaUnusable"),
    ("no-kafka", "OpenElectricityNoLeader"),
    ("stopped-stream", "OpenElectricityStreamStopped"),
    ("wrong-clock", "OpenElectricityClockSkew"),
    ("lost-clock", "OpenElectricityNotReady"),
    ("spent", "OpenElectricityCreditsSpent"),
    ("api-away", "OpenElectricityApiAway"),
    ("api-away", "OpenElectricityDataLate"),
    ("refused", "OpenElectricityReloadFailed"),
    ("gone", "OpenElectricityGone"),
])
def test_the_alert_fires_for_real(prometheus, deployment, alert):
    prometheus.wait_for(f'ALERTS{{alertname="{alert}",alertstate="firing",deployment="{deployment}"}}')


def test_trouble_that_has_an_alert_of_its_own_raises_that_one_alone(prometheus):
    prometheus.wait_for('ALERTS{alertname="OpenElectricityAuthentication",alertstate="firing",deployment="wrong-key"}')
    prometheus.wait_for('ALERTS{alertname="OpenElectricityNotReady",alertstate="firing",deployment="lost-clock"}')
    assert "OpenElectricityNotReady" not in prometheus.firing("wrong-key")


def test_a_target_that_is_down_is_told(prometheus):
    prometheus.wait_for('ALERTS{alertname="OpenElectricityTargetDown",alertstate="firing"}')


def test_nothing_fires_for_the_deployment_that_is_well_nor_at_its_takeover_and_restart(scene, prometheus):
    assert prometheus.firing("well") == set()
    well, standby = scene.daemons["well"], scene.daemons["standby"]
    began = time.time()
    well.part.kill()
    standby.part.wait_until(lambda: standby.role() == "leading", 60)
    well.start()
    prometheus.wait_for(f'openelectricity_leading{{deployment="well",instance="127.0.0.1:{well.port}"}} == 0')
    prometheus.wait_for(f'openelectricity_leading{{deployment="well",instance="127.0.0.1:{standby.port}"}} == 1')
    time.sleep(45)  # past what 5m have become, for whoever still waited
    told = prometheus.ask(f'count_over_time(ALERTS{{alertstate="firing",deployment="well"}}[{int(time.time() - began) + 5}s])')
    assert told == []


def queries() -> dict:
    """Title of the panel and letter of the query → the expression, variables put in as for All."""
    found = {}
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"]
            for variable, value in {"$deployment": ".*", "$stream": ".*", "$job": ".*", "$__rate_interval": "1m"}.items():
                expression = expression.replace(variable, value)
            assert "$" not in expression, expression
            found[f"{panel['title']} {target['refId']}"] = expression
    return found


def test_every_query_of_the_dashboard_answers(prometheus):
    left = queries()
    assert len(left) > 50
    deadline = time.monotonic() + 180
    while left:
        left = {who: what for who, what in left.items() if all(math.isnan(value) for _, value in prometheus.ask(what))}
        assert not left or time.monotonic() < deadline, left
        time.sleep(0.5)


def test_the_dashboard_chooses_among_what_is_there(prometheus):
    wanted = {(labels["deployment"], labels["stream"]) for labels, _ in prometheus.ask("openelectricity_stream_info")}
    assert {("well", "nem"), ("well", "nem-market"), ("wrong-key", "nem")} <= wanted
