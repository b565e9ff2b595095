#!/usr/bin/env bash
# How long nobody publishes when the leader goes: three daemons on one real broker, kill -9 and SIGTERM, ten times each; a
# table and one line of JSON. The session timeout is the default, 6 s.
#   tests/bench/takeover.sh [--runs N]
# A program, not a test: it says which target is missed and still ends with 0. Five minutes. Builds into $OES_BUILD_DIR
# (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
exec deploy/kafka.py run -- python3 tests/bench/takeover.py "$@"
