#!/usr/bin/env bash
# JSON and Avro, long and wide, on one real broker with a real registry, in turn: bytes on disk, the daemon's CPU, Spark's CPU and its
# rows a second; ratios, and one line of JSON.
#   tests/bench/formats.sh [--rounds N] [--days N]
# A program, not a test. CPU time is what is compared, so that a busy machine slows all alike; rows a second want a quiet one. Ten
# minutes. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
python=$(tests/support/venv.sh "$root/tests/readers/requirements.txt")
exec deploy/kafka.py run -- "$python" tests/bench/formats.py --binaries "$build/src" "$@"
