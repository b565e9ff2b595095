#!/usr/bin/env bash
# The same scripts on the model of Kafka and on a real one: prints a table, exit code 1 where one differs (README.md here).
#   tests/simulation/conformance/run.sh [--kafka 3.9.1] [--kafka 4.2.0] [--machine FOLDER] [--show] [SCRIPT…]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
cd "$root"
export CCACHE_BASEDIR=$root OES_BUILD_DIR=$root/build/release PYTHONDONTWRITEBYTECODE=1
[ -n "${OES_NO_BUILD:-}" ] || {
  deploy/install-deps.sh --tests --simulation
  cmake --preset release -DOES_SIMULATION=ON >/dev/null
  cmake --build --preset release --target openelectricity-conformance-model openelectricity-conformance-actor \
    openelectricity-chaos-proxy >/dev/null
}
# A function that the model lacks would be librdkafka's own.
if readelf -d build/release/tests/simulation/openelectricity-conformance-model | grep -q librdkafka; then
  echo "run.sh: a script needs a function of librdkafka that the model of it lacks" >&2
  exit 2
fi
exec "$(tests/support/venv.sh)" tests/simulation/conformance/run.py "$@"
