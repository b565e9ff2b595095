#!/usr/bin/env bash
# One day of 5-minute data of every unit of the NEM (about 650, five metrics): requests, seconds, CPU and peak memory of a
# daemon that publishes it to one real broker, exactly once; figures and one line of JSON.
#   tests/bench/facilities.sh [--runs N]
# A program, not a test. Wants an idle machine; two minutes. Builds into $OES_BUILD_DIR (default build/release).
set -euo pipefail

case ${1:-} in
  -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
build=${OES_BUILD_DIR:-$root/build/release}
export HOME LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 CCACHE_BASEDIR=$root OES_BUILD_DIR=$build

[ -e "$build/build.ninja" ] || cmake --preset release -B "$build" >&2
cmake --build "$build" --parallel 2 --target openelectricity-stream openelectricity-simulator >&2
python=$(tests/support/venv.sh)
exec deploy/kafka.py run -- "$python" tests/bench/facilities.py --binaries "$build/src" "$@"
