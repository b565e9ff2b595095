"""Simulator, mock Kafka and daemon as processes: the same code as deploy/parts.py (see there)."""

import importlib.util
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("OES_BUILD_DIR") or ROOT / "build" / "release") / "src"

_spec = importlib.util.spec_from_file_location("oes_deploy_parts", ROOT / "deploy" / "parts.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

Clock = _module.Clock
Part = _module.Part
PartError = _module.PartError
die_with_parent = _module.die_with_parent
start_daemon = _module.start_daemon
start_mock_kafka = _module.start_mock_kafka
start_simulator = _module.start_simulator
