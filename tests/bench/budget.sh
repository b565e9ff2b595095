#!/usr/bin/env bash
# How fresh the data is that a day's credits buy: all 15 metrics of NEM and WEM, live, for one simulated day on 500, 2,000 and
# 5,000 credits; beside it a poller at a fixed trigger that spends as many requests, and the bound that perfect timing would
# reach. A table, and one line of JSON for each plan, that of 500 credits last.
#   tests/bench/budget.sh [--speed N] [--seed N]
# A program, not a test: it says which target is missed and still ends with 0. A day at --speed 120 takes 13 minutes, in which
# the machine has little to do. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

case ${1:-} in
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
build=${OES_BUILD_DIR:-$root/build/release}
export HOME LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 CCACHE_BASEDIR=$root OES_BUILD_DIR=$build

[ -e "$build/build.ninja" ] || cmake --preset release -B "$build" >&2
cmake --build "$build" --parallel 2 --target openelectricity-stream openelectricity-simulator >&2
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/budget.py "$@"
