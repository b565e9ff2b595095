#!/usr/bin/env bash
# What it costs to read a horizon again in which nothing has changed: a daemon with NEM by region and fueltech, five metrics,
# 72 hours, on one real broker; figures and one line of JSON.
#   tests/bench/revisions.sh [--re-reads N]
# A program, not a test: it says which target is missed and still ends with 0. Wants an idle machine; two minutes. Builds into
# $OES_BUILD_DIR (default build/release).
set -euo pipefail

case ${1:-} in
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
build=${OES_BUILD_DIR:-$root/build/release}
export HOME LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 CCACHE_BASEDIR=$root OES_BUILD_DIR=$build

[ -e "$build/build.ninja" ] || cmake --preset release -B "$build" >&2
cmake --build "$build" --parallel 2 --target openelectricity-stream openelectricity-simulator >&2
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/revisions.py --binaries "$build/src" "$@"
