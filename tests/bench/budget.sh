#!/usr/bin/env bash
# How fresh the data is that a day's credits buy: all 15 metrics of NEM and WEM, live, for one simulated day on 500, 2,000 and
# 5,000 credits; beside it a poller at a fixed trigger that spends as many requests, and the bound that perfect timing would
# reach. A table, and one line of JSON for each plan, that of 500 credits last.
#   tests/bench/budget.sh [--speed N] [--seed N]
# A program, not a test: it says which target is missed and still ends with 0. A day at --speed 120 takes 13 minutes, in which
# the machine has little to do. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
prepare openelectricity-stream openelectricity-simulator
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/budget.py "$@"
