"""What librdkafka and Kafka tell is what their model in tests/simulation tells: of the scripts there those that need a broker and no more."""

import os
import pathlib
import subprocess
import sys
import types

import pytest

HERE = pathlib.Path(__file__).resolve().parents[1] / "simulation" / "conformance"
sys.path.insert(0, str(HERE))

from real_stage import ACTOR, RealStage  # noqa: E402

MODEL = ACTOR.with_name("openelectricity-conformance-model")
NAMES = ("commit", "abort", "fencing", "fenced-at-commit", "stable-offset", "too-large", "make-topics", "group-second", "group-same-poll")


@pytest.mark.parametrize("name", NAMES)
def test_the_model_tells_what_kafka_tells(bootstrap, name):
    script = HERE / "scripts" / f"{name}.script"
    bed = types.SimpleNamespace(proxied=bootstrap, direct=bootstrap, properties={})
    real = RealStage(bed, f"c{os.getpid()}-{name}-").play(script.read_text(encoding="utf-8"))
    model = subprocess.run([MODEL, script], capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    assert model == real
