#!/usr/bin/env bash
# The daemon as a service, on a real broker: until READY, a reload, until it has stopped; at rest, and scraped; with three streams and
# with fifty. A table and one line of JSON.
#   tests/bench/service.sh [--runs N] [--rest SECONDS]
# A program, not a test. Seven minutes. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
exec deploy/kafka.py run -- "$(tests/support/venv.sh)" tests/bench/service.py "$@"
