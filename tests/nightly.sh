#!/usr/bin/env bash
# What takes hours, and is run before an issue is closed or a version is released. Needs root (debootstrap, apt).
#   tests/nightly.sh [STEP…]     without steps, all of them in this order:
#     sanitizers   unit and integration tests with asan + ubsan, then with tsan; one round of chaos with asan
#     fuzz         ten CPU-minutes of each parser
#     o3           a packager's build: g++ -O3, no preset, no warning is an error
#     trixie       every test on a new machine with Debian 13, and a packager's build there
#     trixie_chaos 2,000 kill -9 and the takeover on a new machine with Debian 13, by its librdkafka
#     system       packages, container and deployments on booted machines of both releases
#     chaos        2,000 kill -9, and every seeded bug
#     bugs         what was once wrong in the product, put back: each is to be found by the general draw within an hour
#     simulation   100,000 simulated worlds, others each night; every seeded bug; the model of Kafka against real ones
#     lint         formatter and clang-tidy over the whole tree
# The last line names the steps that failed; the exit code is 0 only when none did.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

sanitized() { # PRESET
  cmake --preset "$1" >/dev/null && cmake --build --preset "$1" && ctest --preset "$1"
}

step_sanitizers() {
  sanitized asan && OES_BUILD_DIR=$root/build/asan tests/chaos/run.sh --kills 60 --hours 1 && sanitized tsan
}
step_fuzz() { tests/fuzz/run.sh --seconds 600; }
step_o3() {
  local build
  build=$(mktemp -d) || return 1
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O3 &&
    cmake --build "$build" && ctest --test-dir "$build" -L unit
  local code=$?
  rm -rf "$build"
  return $code
}
step_trixie() { deploy/fresh-machine.sh --release trixie -- sh -c './tests/run.sh && ./tests/nightly.sh o3'; }
step_trixie_chaos() {
  deploy/fresh-machine.sh --release trixie -- sh -c 'deploy/install-deps.sh --tests && ./tests/run.sh --quick &&
    tests/chaos/run.sh --kills 2000 --hours 2 && tests/bench/takeover.sh'
}
step_system() { tests/run.sh --system; }
step_chaos() { tests/chaos/run.sh --kills 2000 --hours 2 && tests/chaos/run.sh --bugs; }
step_bugs() {
  local bug told missed=()
  for bug in ledger-ahead label-torn labels-believed trouble-lasts history-in-one-record kafka-believed authority-as-level unproven-read; do
    printf '\n-- %s\n' "$bug"
    told=$(tests/chaos/run.sh --kills 100000 --hours 1 --until-found --bug "$bug" | tee /dev/stderr | tail -n 1)
    # 1 and the last line: found. 0 is a whole hour in vain, 2 trouble of the harness.
    [ $? -eq 1 ] && [ "${told:0:1}" = "{" ] || missed+=("$bug")
  done
  printf '\nbugs that were not found: %s\n' "${missed[*]:-none}"
  [ ${#missed[@]} -eq 0 ]
}
# Seeds are named after the day. A night that was interrupted goes on where it was.
step_simulation() {
  local day
  day=$(date +%Y%m%d)
  tests/simulation/run.sh --seeds 100000 --from "${day}00000" --state "build/simulation-$day.state" &&
    tests/simulation/run.sh --same 200 --from "${day}00000" &&
    tests/simulation/run.sh --bugs 2000 &&
    tests/simulation/conformance/run.sh --kafka 3.9.1 --kafka 4.2.0
}
step_lint() { tests/lint.sh; }

case ${1:-} in -h | --help) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
steps=("$@")
[ $# -gt 0 ] || steps=(sanitizers fuzz o3 trixie trixie_chaos system chaos bugs simulation lint)
failed=()
for step in "${steps[@]}"; do
  declare -F "step_$step" >/dev/null || { echo "nightly.sh: no step '$step'" >&2; exit 2; }
  printf '\n== %s (%d:%02d)\n' "$step" $((SECONDS / 60)) $((SECONDS % 60))
  "step_$step" || failed+=("$step")
done
printf '\nnightly: %d steps, failed: %s\n' ${#steps[@]} "${failed[*]:-none}"
[ ${#failed[@]} -eq 0 ]
