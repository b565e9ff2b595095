"""Compose file and Kubernetes manifests, by their schemas and against what they refer to."""

import pathlib
import re
import subprocess
import urllib.parse

import kubernetes_validate
import pytest
import yaml
from parts import BINARIES

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
COMPOSE = DEPLOY / "docker-compose.yaml"
MANIFEST = DEPLOY / "kubernetes" / "openelectricity-stream.yaml"


def manifests() -> dict:
    return {one["kind"]: one for one in yaml.safe_load_all(MANIFEST.read_text())}


def check_config(config: str, *, program: pathlib.Path, **environment: str) -> str:
    done = subprocess.run([program, "--config", "-", "check-config"], input=config, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
                          env={"OPENELECTRICITY_API_KEY": "k", "KAFKA_BOOTSTRAP_SERVERS": "kafka:9092", **environment})
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def program():
    return BINARIES / "openelectricity-stream"


def test_compose_takes_the_file():
    done = subprocess.run(["docker-compose", "--file", COMPOSE, "config", "--quiet"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_compose_refuses_a_wrong_one(tmp_path):
    wrong = tmp_path / "docker-compose.yaml"
    wrong.write_text(COMPOSE.read_text().replace("restart: unless-stopped", "restarts: unless-stopped"))
    done = subprocess.run(["docker-compose", "--file", wrong, "config", "--quiet"], capture_output=True, timeout=60, check=False)
    assert done.returncode != 0


def test_compose_runs_without_a_key_and_mounts_what_is_there(program):
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    assert set(services) == {"kafka", "simulator", "openelectricity-stream", "prometheus", "grafana"}
    assert {one["restart"] for one in services.values()} == {"unless-stopped"}
    mounted = [volume.split(":")[0] for one in services.values() for volume in one.get("volumes", []) if volume.startswith(".")]
    assert {"./prometheus", "./grafana/provisioning", "./grafana/dashboards"} == set(mounted)
    for folder in mounted:
        assert any(one.is_file() for one in (DEPLOY / folder).rglob("*")), folder
    environment = services["openelectricity-stream"]["environment"]
    assert environment["OPENELECTRICITY_API_KEY"].startswith("${OPENELECTRICITY_API_KEY:-")
    # As compose fills it in where nothing is set: what the daemon refuses at start would be restarted for ever.
    filled = {name: re.sub(r"\$\{[A-Z_]+:-(.*?)\}", r"\1", text) for name, text in environment.items()}
    config = filled.pop("OPENELECTRICITY_STREAM_CONFIG_YAML")
    check_config(config, program=program, **filled)
    host = urllib.parse.urlsplit(filled["OPENELECTRICITY_API_URL"]).hostname
    assert host == "127.0.0.1" and services["simulator"]["network_mode"] == "service:openelectricity-stream"


def test_the_manifests_fit_kubernetes_schemas():
    for one in yaml.safe_load_all(MANIFEST.read_text()):
        kubernetes_validate.validate(one, "1.33", strict=True)
    broken = manifests()["StatefulSet"]
    broken["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.33", strict=True)


def test_the_pods_are_what_the_handbook_says(program):
    found = manifests()
    pod = found["StatefulSet"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["enableServiceLinks"] is False and pod["affinity"]["podAntiAffinity"]
    assert container["startupProbe"]["httpGet"]["path"] == "/livez"
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert found["StatefulSet"]["spec"]["volumeClaimTemplates"]
    # Stopping in order takes up to 30 s.
    assert pod["terminationGracePeriodSeconds"] > 30
    selected = found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"].items()
    assert selected <= found["StatefulSet"]["spec"]["template"]["metadata"]["labels"].items()
    config = found["ConfigMap"]["data"]["openelectricity-stream.yaml"]
    # Whatever runs in the pod finds the configuration.
    named = {one["name"]: one["value"] for one in container["env"]}
    mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
    assert container["args"] == ["run"] and named["OPENELECTRICITY_STREAM_CONFIG"].rpartition("/")[0] in mounts
    checked = check_config(config.replace("api_key_file: /etc/openelectricity-stream/secrets/api_key", "api_key: k"), program=program)
    assert "error" not in checked.lower()


def test_the_pod_monitor_finds_the_pods():
    monitor = yaml.safe_load((DEPLOY / "kubernetes" / "podmonitor.yaml").read_text())
    pod = manifests()["StatefulSet"]["spec"]["template"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    ports = {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    assert {endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]} <= ports
