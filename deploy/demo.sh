#!/usr/bin/env bash
# The main job with nothing to set up: installs what is missing, builds, then runs a bundled API simulator, a mock Kafka and
# the daemon between them, and shows the records as they arrive. Ctrl-C ends all of it and leaves nothing behind.
#   deploy/demo.sh                a mock broker inside librdkafka, delivery at_least_once
#   deploy/demo.sh --kafka        a real Kafka (Java), delivery exactly_once, and a line for PySpark
#   deploy/demo.sh --seconds N    ends by itself; exit code 1 if no record arrived
#   deploy/demo.sh --speed N      minutes of the simulated world per minute (default 60)
set -euo pipefail

wanted=(--demo)
for argument in "$@"; do
  case $argument in
    --kafka) wanted+=(--kafka) ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
export HOME CCACHE_BASEDIR=$PWD
deploy/install-deps.sh "${wanted[@]}"

echo "building (the first time takes some minutes)" >&2
mkdir -p build
cmake --preset release >build/release.log 2>&1 || { tail -n 40 build/release.log >&2; exit 1; }
cores=$(nproc)
by_memory=$(awk '/MemAvailable/ {print int($2 / 1572864)}' /proc/meminfo) # a compiler of Beast takes about 1.5 GB
by_memory=$((by_memory < 1 ? 1 : by_memory))
cmake --build --preset release --parallel $((cores < by_memory ? cores : by_memory)) \
  --target openelectricity-stream openelectricity-simulator openelectricity-mock-kafka

exec python3 deploy/demo.py "$@"
