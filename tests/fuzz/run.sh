#!/usr/bin/env bash
# Fuzzes every parser with libFuzzer, ASan and UBSan:
#   tests/fuzz/run.sh [--seconds N] [TARGET…]     N seconds of CPU for each target (60); without names every one of them
# The last lines are a line of figures for each; the exit code is 0 only if none has crashed. What is found, built and learnt
# stays outside of the tree, in ${OES_FUZZ_DIR:-~/.cache/openelectricity-stream/fuzz}: build/, corpus/<target>/ (what was
# learnt goes on there), crashes/<target>/, logs/. Only pure code is linked: no socket, no broker, no clock.
set -euo pipefail

seconds=60
targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=${2:?--seconds needs a number}; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "run.sh: unknown option '$1'" >&2; exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tests/fuzz
folder=${OES_FUZZ_DIR:-${OES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/openelectricity-stream}/fuzz}
all=()
for source in "$here"/*_fuzz.cpp; do all+=("$(basename "$source" _fuzz.cpp)"); done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do
  [ -e "$here/${target}_fuzz.cpp" ] || { echo "run.sh: no target '$target'; there are: ${all[*]}" >&2; exit 2; }
done

if ! command -v clang++-14 >/dev/null || ! ls /usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || { echo "run.sh: clang++-14 or libclang-rt-14-dev is missing; as root this command installs them" >&2; exit 1; }
  apt-get update -q >&2 && apt-get install -y -q --no-install-recommends clang-14 libclang-rt-14-dev llvm-14 >&2
fi

flags=(-std=c++20 -g1 -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -w
  -fsanitize-ignorelist="$here/not_ours.txt"
  -DRAPIDJSON_HAS_STDSTRING=1 -DBOOST_ASIO_NO_DEPRECATED -I"$root/src" -I"$root/tests")
cache=()
command -v ccache >/dev/null && cache=(ccache)
export CCACHE_BASEDIR=$root
mkdir -p "$folder/build" "$folder/logs"

# What a room has that does no I/O.
pure_sources() { # ROOM…
  local room
  for room in "$@"; do
    grep -LE '#include <(librdkafka|prometheus|zlib|sys/socket|boost/(beast|asio/[a-z_]+\.hpp))' "$root/src/$room"/*.cpp | grep -v /kafka_
  done
}

# An object that is newer than its source and every header stays.
compile() { # SOURCE OBJECT
  [ -e "$2" ] && [ -z "$(find "$1" "$root/src" "$here" \( -path "$1" -o -name '*.hpp' \) -newer "$2" -print -quit)" ] && return 0
  "${cache[@]}" clang++-14 "${flags[@]}" -fsanitize=fuzzer-no-link -c "$1" -o "$2"
}

build() { # TARGET, which says which rooms it links
  local source object running=0 objects=()
  # shellcheck disable=SC2046 # words on purpose
  for source in $(pure_sources $(sed -n 's|^// Links: ||p' "$here/$1_fuzz.cpp")) "$here/$1_fuzz.cpp"; do
    object=$folder/build/$(echo "${source#"$root"/}" | tr / _).o
    objects+=("$object")
    compile "$source" "$object" &
    running=$((running + 1))
    if [ $running -ge "$(nproc)" ]; then wait -n || return 1; running=$((running - 1)); fi
  done
  while [ $running -gt 0 ]; do wait -n || return 1; running=$((running - 1)); done
  # As an archive: what of the rooms is not needed is not drawn in.
  rm -f "$folder/build/$1.a"
  ar rcs "$folder/build/$1.a" "${objects[@]}"
  clang++-14 -fsanitize=fuzzer,address,undefined "${objects[-1]}" "$folder/build/$1.a" -lyaml-cpp -lcrypto -o "$folder/build/$1"
}

# Handmade seeds stand one in a line, `\n` being a newline in it; of recorded exchanges the bodies are seeds.
seed() { # TARGET
  local number=0 line bodies pattern file into=$folder/corpus/$1
  mkdir -p "$into"
  if [ -e "$here/seeds/$1" ]; then
    while IFS= read -r line; do
      number=$((number + 1))
      printf '%b' "$line" >"$into/seed-$number"
    done <"$here/seeds/$1"
  fi
  case $1 in
    decode) bodies='data_*.json market_*.json fac_*.json' ;;
    facilities) bodies='facilities.json' ;;
    account) bodies='me*.json' ;;
    error_body) bodies='err_*.json' ;;
    *) return 0 ;;
  esac
  for pattern in $bodies; do
    for file in "$root"/tests/fixtures/api/$pattern; do
      sed -e 's/^.*"body"://' -e 's/}[[:space:]]*$//' "$file" | head -c 6000 >"$into/$(basename "$file")"
    done
  done
}

# In turns, until it has had its time: on a busy machine a turn gets less of the CPU than it lasts.
run() { # TARGET
  local dictionary=$here/dictionaries/$1.dict options=() used=0 turn
  [ ! -e "$dictionary" ] || options+=(-dict="$dictionary")
  mkdir -p "$folder/crashes/$1"
  : >"$folder/logs/$1.log"
  while [ "${used%.*}" -lt "$seconds" ]; do
    turn=$((seconds - ${used%.*}))
    TIMEFORMAT='stat::cpu_seconds: %U'
    { time "$folder/build/$1" -max_total_time="$turn" -max_len=8192 -timeout=60 -rss_limit_mb=1500 -print_final_stats=1 \
      "${options[@]}" -artifact_prefix="$folder/crashes/$1/" "$folder/corpus/$1" 2>&1; } >>"$folder/logs/$1.log" 2>&1 || return 1
    used=$(awk '/^stat::cpu_seconds/ { sum += $2 } END { print sum + 0.5 }' "$folder/logs/$1.log")
  done
}

figures() { # TARGET OUTCOME
  awk -v target="$1" -v outcome="$2" '
    /cov: [0-9]+/ { for (i = 1; i < NF; ++i) { if ($i == "cov:") cov = $(i + 1); if ($i == "ft:") ft = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
    /stat::number_of_executed_units/ { runs += $2 }
    /stat::cpu_seconds/ { cpu += $2 }
    END { printf "%-16s %10d executions in %4d s of CPU, coverage %5d edges, %6d features, corpus %s: %s\n", target, runs, cpu, cov, ft, corpus, outcome }
  ' "$folder/logs/$1.log"
}

failed=0
lines=()
for target in "${targets[@]}"; do
  build "$target"
  seed "$target"
  outcome=clean
  run "$target" || { outcome="CRASHED, see $folder/logs/$target.log and crashes/$target/"; failed=1; }
  lines+=("$(figures "$target" "$outcome")")
  echo "${lines[-1]}" >&2
done
printf '%s\n' "${lines[@]}"
exit $failed
