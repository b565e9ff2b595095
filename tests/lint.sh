#!/usr/bin/env bash
# clang-format and clang-tidy (version 14, Debian's) over the whole tree; exit 1 on any finding.
#   tests/lint.sh            everything; tens of minutes on two cores
#   tests/lint.sh PATTERN…   clang-tidy only for files whose path matches one of the patterns (regular expressions)
set -uo pipefail

case ${1:-} in -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
missing=()
for tool in clang-format clang-tidy run-clang-tidy; do command -v $tool >/dev/null || missing+=("$tool"); done
if [ ${#missing[@]} -gt 0 ]; then
  echo "lint.sh: ${missing[*]} missing: apt-get install clang-format clang-tidy" >&2
  exit 1
fi

failed=0
git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format --dry-run -Werror || failed=1

# The compiler's flags come from a configured build; warnings that only g++ knows are no finding.
cmake --preset dev >/dev/null || exit 1
patterns=("$@")
if [ ${#patterns[@]} -eq 0 ]; then patterns=("$root/(src|tests)/.*\.cpp"); fi
# A finding is more than the commands and counts that run-clang-tidy prints, which it may colour.
run-clang-tidy -quiet -p build/dev -j "$(nproc)" -extra-arg=-Wno-unknown-warning-option "${patterns[@]}" 2>/dev/null |
  sed 's/\x1b\[[0-9;]*m//g' | grep -vE '^$|^clang-tidy(-[0-9]+)? |warnings? (generated|treated)' && failed=1
exit $failed
