#!/usr/bin/env bash
# clang-format and clang-tidy (version 14, Debian's) over the tree, ruff over its Python; exit 1 on any finding.
#   tests/lint.sh            everything; tens of minutes on two cores
#   tests/lint.sh --changed  formatter and ruff over everything, clang-tidy for what the last commits changed: at most 16 sources,
#                            the last changed first
#   tests/lint.sh PATTERN…   clang-tidy only for files whose path matches one of the patterns (regular expressions)
set -uo pipefail

case ${1:-} in -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

missing() { for tool in clang-format clang-tidy run-clang-tidy; do command -v $tool >/dev/null || echo $tool; done; }
if [ -n "$(missing)" ] && [ "$(id -u)" = 0 ]; then
  { apt-get update -q && apt-get install -y -q --no-install-recommends clang-format clang-tidy; } >/dev/null 2>&1
fi
if [ -n "$(missing)" ]; then
  echo "lint.sh: $(missing | paste -sd' ') missing: apt-get install clang-format clang-tidy" >&2
  exit 1
fi

# Other versions format and find otherwise.
if [ "${1:-}" = --changed ] && ! clang-format --version | grep -q ' 14\.'; then
  echo "lint.sh: clang-format is not version 14: nothing is looked at"
  exit 0
fi

# Sources of the last commits, those that changed last first; none where the checkout has no history.
changed() {
  [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = false ] || return
  git log -n 12 --format= --name-only --diff-filter=AMR -- 'src/*.cpp' 'tests/*.cpp' 2>/dev/null | awk '!seen[$0]++' |
    while read -r file; do [ ! -e "$file" ] || echo "^$root/$file\$"; done | head -n 16
}

failed=0
find src tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 | xargs -0 clang-format --dry-run -Werror || failed=1
[ $# -gt 0 ] && [ "$1" != --changed ] || "$(tests/support/venv.sh tests/lint-requirements.txt)" -m ruff check --quiet --no-cache . || failed=1

patterns=("$@")
if [ $# -eq 0 ]; then
  patterns=("$root/(src|tests)/.*\.cpp")
elif [ "$1" = --changed ]; then
  mapfile -t patterns < <(changed)
  [ ${#patterns[@]} -gt 0 ] || exit $failed
fi
# The compiler's flags come from a configured build, without g++'s precompiled header; warnings that only g++ knows are no finding.
cmake --preset dev -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null || exit 1
# A finding is more than the commands and counts that run-clang-tidy prints, which it may colour.
findings=$(run-clang-tidy -quiet -p build/lint -j "$(nproc)" -extra-arg=-Wno-unknown-warning-option "${patterns[@]}" 2>/dev/null |
  sed 's/\x1b\[[0-9;]*m//g' | grep -vE '^$|^clang-tidy(-[0-9]+)? |warnings? (generated|treated)')
if [ -n "$findings" ]; then
  echo "$findings"
  failed=1
fi
exit $failed
