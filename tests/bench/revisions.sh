#!/usr/bin/env bash
# What it costs to read a horizon again in which nothing has changed: a daemon with NEM by region and fueltech, five metrics,
# 72 hours, on one real broker; figures and one line of JSON.
#   tests/bench/revisions.sh [--re-reads N]
# A program, not a test: it says which target is missed and still ends with 0. Wants an idle machine; two minutes. Builds into
# $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/revisions.py --binaries "$build/src" "$@"
