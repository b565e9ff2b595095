#!/usr/bin/env bash
# What twenty years of history cost: a start, a cycle, their bytes to Kafka and to disk; a table of histories without holes,
# of half-hourly data in a 5m stream, and of a unit that ran every other day.
#   tests/bench/growth.sh
# A program, not a test; no broker is needed. Minutes. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare progress_growth
exec "$build/tests/bench/progress_growth"
