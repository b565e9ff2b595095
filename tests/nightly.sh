#!/usr/bin/env bash
# What takes hours, and is run before an issue is closed or a version is released. Needs root (debootstrap, apt).
#   tests/nightly.sh [STEP…]     without steps, all of them in this order:
#     sanitizers   unit and integration tests with asan + ubsan, then with tsan; one round of chaos with asan
#     fuzz         ten CPU-minutes of each parser
#     o3           a packager's build: g++ -O3, no preset, no warning is an error
#     trixie       every test on a new machine with Debian 13
#     system       packages, container and deployments on booted machines of both releases
#     chaos        2,000 kill -9, and every seeded bug
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
step_trixie() { deploy/fresh-machine.sh --release trixie -- ./tests/run.sh; }
step_system() { tests/run.sh --system; }
step_chaos() { tests/chaos/run.sh --kills 2000 --hours 2 && tests/chaos/run.sh --bugs; }
step_lint() { tests/lint.sh; }

case ${1:-} in -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
steps=("$@")
[ $# -gt 0 ] || steps=(sanitizers fuzz o3 trixie system chaos lint)
failed=()
for step in "${steps[@]}"; do
  declare -F "step_$step" >/dev/null || { echo "nightly.sh: no step '$step'" >&2; exit 2; }
  printf '\n== %s (%d:%02d)\n' "$step" $((SECONDS / 60)) $((SECONDS % 60))
  "step_$step" || failed+=("$step")
done
printf '\nnightly: %d steps, failed: %s\n' ${#steps[@]} "${failed[*]:-none}"
[ ${#failed[@]} -eq 0 ]
