#!/usr/bin/env bash
# How many records a simulated day brings, and what they take on a broker's disk, for each kind of stream: a daemon at the live
# edge on one real broker; a table and one line of JSON.
#   tests/bench/sizing.sh [--speed N]
# A program, not a test. A quarter of an hour; it counts and weighs, so the machine need not be idle. Builds into
# $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/sizing.py --binaries "$build/src" "$@"
