#!/usr/bin/env bash
# Whether a daemon can run for years: a normal and a failing week, at the same time, at --speed 240 (42 minutes). For each
# simulated day: log lines and bytes, resident memory, descriptors, threads, bytes in progress_path; then what grew from the
# second day to the last, and one line of JSON.
#   tests/bench/week.sh [--speed N] [--days N] [--seed N]
# A program, not a test: it says which figure grew and still ends with 0. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/week.py "$@"
