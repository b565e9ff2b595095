#!/usr/bin/env python3
"""The tests' door to a real Kafka: the same code, module and command line as deploy/kafka.py (see there)."""

import importlib.util
import pathlib
import sys

_path = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "kafka.py"
_spec = importlib.util.spec_from_file_location("oes_deploy_kafka", _path)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

Cluster = _module.Cluster
KafkaError = _module.KafkaError
Node = _module.Node
cache_dir = _module.cache_dir
fetch = _module.fetch
free_port = _module.free_port

if __name__ == "__main__":
    sys.exit(_module.main(sys.argv[1:]))
