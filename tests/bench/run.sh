#!/usr/bin/env bash
# The daemon against a bare librdkafka producer and a Python poller, on one real broker; a table and one line of JSON.
#   tests/bench/run.sh [--runs N] [--deadline SECONDS]
# A program, not a test: it says which target is missed and still ends with 0. Wants an idle machine: two cores, 3 minutes.
# Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator bench_bare_producer
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/bench.py --binaries "$build/src" \
  --bare "$build/tests/bench/bench_bare_producer" "$@"
