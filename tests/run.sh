#!/usr/bin/env bash
# Every test of the project by one command: installs what is missing, builds (build/release), runs all of them.
#   tests/run.sh            all, also those against a real Kafka and a real Spark (Java, Maven and Python are installed)
#   tests/run.sh --quick    without Kafka and Spark
#   tests/run.sh --readers  instead of these all that reads the topics: the package, every example, kills, on both lines of Spark
#   tests/run.sh --system [bookworm|trixie]…   instead of these the installed product: packages on booted machines of both
#                           releases or of those named, container, deployments (tests/system). Needs root
# The last line is `N passed, N failed`; the exit code is 0 only when none failed. A step that cannot run (a build that
# fails, say) counts as one failed test. What was downloaded stays in $OES_CACHE (default ~/.cache/openelectricity-stream).
set -uo pipefail

quick=no
readers=no
releases=() # of --system
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=yes ;;
    --readers) readers=yes ;;
    --system)
      while [[ ${2:-} =~ ^(bookworm|trixie)$ ]]; do releases+=("$2") && shift; done
      [ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie)
      ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown option '$1'" >&2; exit 2 ;;
  esac
  shift
done
if [ ${#releases[@]} -gt 0 ] && [ "$(id -u)" -ne 0 ]; then
  echo "run.sh: --system boots machines and therefore needs root" >&2
  exit 2
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
export HOME LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 OES_BUILD_DIR=$root/build/release CCACHE_BASEDIR=$root
reports=$OES_BUILD_DIR/reports
troubles=$OES_BUILD_DIR/troubles # one line for each step that could not run

broken() { echo "$1" >>"$troubles"; }
say() { printf '\n== %s (%d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

finish() {
  local steps=()
  [ -e "$troubles" ] && mapfile -t steps <"$troubles"
  say "result"
  python3 tests/support/total.py "$reports" "${steps[@]}"
  exit $?
}

# must NAME COMMAND…: without it nothing that follows makes sense.
must() {
  local name=$1
  shift
  say "$name"
  if ! "$@"; then
    broken "$name"
    finish
  fi
}

# suite NAME SECONDS COMMAND…: the command writes reports/NAME.xml; a failing test does not keep the next suite from running.
# What it says is shown when it has ended, since two suites run at a time.
suite() {
  local name=$1 seconds=$2 output=$reports/$1.out from=$SECONDS code
  shift 2
  timeout --kill-after=20 "$seconds" "$@" >"$output" 2>&1 &
  running=$!
  wait "$running" # so that a signal to this script is answered at once
  code=$?
  running=
  { say "$name, $((SECONDS - from)) s" && cat "$output"; } | flock "$reports" cat
  if [ $code -eq 124 ] || [ $code -eq 137 ]; then
    broken "$name, which took longer than $seconds s"
  elif [ ! -s "$reports/$name.xml" ]; then
    broken "$name, which left no report"
  elif [ $code -ne 0 ] && ! python3 tests/support/total.py --has-failures "$reports/$name.xml"; then
    broken "$name, which ended with code $code"
  fi
}

# A compiler of Beast takes about 1.5 GB.
jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/MemAvailable/ {print int($2 / 1572864)}' /proc/meminfo)
  echo $((gigabytes < 1 ? 1 : gigabytes < cores ? gigabytes : cores))
}

ctest_labelled() { # NAME SECONDS LABEL [OPTION…]
  local name=$1 seconds=$2 label=$3
  shift 3
  suite "$name" "$seconds" ctest --test-dir "$OES_BUILD_DIR" --no-tests=error --output-on-failure --label-regex "^$label\$" \
    --output-junit "$reports/$name.xml" "$@"
}

pytest_in() { # NAME SECONDS FOLDER-OR-FILE…
  local name=$1 seconds=$2
  shift 2
  suite "$name" "$seconds" "$python" -m pytest -q -p no:cacheprovider --durations=5 --junitxml="$reports/$name.xml" "$@"
}

install_needed() {
  if [ ${#releases[@]} -gt 0 ]; then
    deploy/install-deps.sh --system-tests
  elif [ $readers = yes ]; then
    deploy/install-deps.sh --reader-tests
  elif [ $quick = yes ]; then
    deploy/install-deps.sh
  else
    deploy/install-deps.sh --tests
  fi
}

# The packages are made first: a fault of theirs is told apart from one of a test.
system_of() { # RELEASE
  local release=$1 given=OES_PACKAGES_${1^^}
  if [ -z "${!given:-}" ]; then
    say "packages for $release"
    deploy/package.sh --release "$release" || { broken "packages for $release" && return; }
    export "$given=$root/build/packages-$release"
  fi
  pytest_in "system-$release" 5400 tests/system --release "$release"
}

configure() {
  cmake --preset release "-DOES_SIMULATION=$1" >"$OES_BUILD_DIR.log" 2>&1 || {
    tail -n 40 "$OES_BUILD_DIR.log"
    return 1
  }
}

mkdir -p "$OES_BUILD_DIR" && rm -f "$troubles"
must "packages" install_needed
targets=()
simulation=OFF
if [ $quick = no ] && [ $readers = no ] && [ ${#releases[@]} -eq 0 ]; then
  simulation=ON
  targets=(--target all openelectricity-simulation openelectricity-conformance-{model,actor})
fi
must "configure" configure $simulation
[ ${#releases[@]} -eq 0 ] || targets=(--target openelectricity-stream openelectricity-simulator openelectricity-mock-kafka page_server)
[ $readers = no ] || targets=(--target openelectricity-stream openelectricity-simulator)
must "build" cmake --build --preset release --parallel "$(jobs)" "${targets[@]}"
rm -rf "$reports" && mkdir -p "$reports/cases"
export OES_CASE_REPORTS=$reports/cases

kafka_state=$(mktemp -d)
stop_all() {
  trap - EXIT
  [ -z "${running:-}" ] || kill "$running" 2>/dev/null
  [ -z "${beside:-}" ] || pkill -P "$beside" 2>/dev/null
  deploy/kafka.py stop --dir "$kafka_state/kafka"
  rm -rf "$kafka_state"
}
start_kafka() { # [BROKER-SETTING…]
  trap stop_all EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if ! deploy/kafka.py start --dir "$kafka_state/kafka" "${@/#/--set=}" >"$kafka_state/variables"; then
    broken "Kafka"
    finish
  fi
  set -a
  . "$kafka_state/variables"
  set +a
}

if [ ${#releases[@]} -gt 0 ]; then
  python=$(tests/support/venv.sh "$root/tests/system/requirements.txt") || { broken "the tests' Python environment" && finish; }
  # A machine that boots takes all of the cores for a while: the broker's heartbeats have time.
  start_kafka broker.session.timeout.ms=30000
  for release in "${releases[@]}"; do system_of "$release"; done
  finish
fi

if [ $readers = yes ]; then
  python=$(tests/support/venv.sh "$root/tests/readers/requirements.txt") || { broken "the readers' Python environment" && finish; }
  older=$(tests/support/venv.sh "$root/tests/readers/requirements-3.5.txt") || { broken "the older Spark" && finish; }
  start_kafka
  pytest_in readers-4.1 5400 tests/readers
  python=$older pytest_in readers-3.5 5400 -m "not one_line" tests/readers
  finish
fi

ctest_labelled unit 300 unit --parallel "$(nproc)"
if [ $quick = yes ]; then
  ctest_labelled integration 600 integration
  finish
fi

# Two thousand simulated worlds, as many at a time as there are cores: a hundred of them are a test. They take a minute or
# two; on a machine that others use too, those that begin within four.
OES_NO_BUILD=1 suite simulation 600 tests/simulation/run.sh --seeds 2000 --for 240 --report "$reports/simulation.xml"
OES_NO_BUILD=1 suite simulation-twice 300 tests/simulation/run.sh --same 10 --report "$reports/simulation-twice.xml"

say "Kafka, Spark and the tests' Python"
python=$(tests/support/venv.sh) || { broken "the tests' Python environment" && finish; }
older=$(tests/support/venv.sh "$root/tests/readers/requirements-3.5.txt") || { broken "the older Spark" && finish; }
start_kafka

# Most suites wait more than they compute: two lanes on two cores.
say "two lanes: chaos, streams, readers; Kafka, the daemon with Kafka, integration"
streams=(tests/kafka/test_{backfill,revisions,reload,service,canary,conformance,avro_registry,authority}.py)
{
  pytest_in chaos 1200 tests/chaos
  pytest_in streams 2100 "${streams[@]}"
  pytest_in readers-smoke-4.1 600 -m smoke tests/readers
  python=$older pytest_in readers-smoke-3.5 600 -m smoke tests/readers/test_smoke.py
} &
beside=$!
ctest_labelled kafka 600 kafka
pytest_in daemon-and-kafka 2100 tests/kafka "${streams[@]/#/--ignore=}"
ctest_labelled integration 900 integration
wait "$beside"
beside=
finish
