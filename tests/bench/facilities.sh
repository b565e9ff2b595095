#!/usr/bin/env bash
# One day of 5-minute data of every unit of the NEM (about 650, five metrics): requests, seconds, CPU and peak memory of a
# daemon that publishes it to one real broker, exactly once; figures and one line of JSON.
#   tests/bench/facilities.sh [--runs N]
# A program, not a test. Wants an idle machine; two minutes. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/facilities.py --binaries "$build/src" "$@"
