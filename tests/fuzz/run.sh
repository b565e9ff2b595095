#!/bin/sh
# Builds the fuzz target with clang and lets it run: tests/fuzz/run.sh [seconds]. Corpus and findings stay outside the
# tree, in ${OES_FUZZ_DIR:-a temporary folder}.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-60}
folder=${OES_FUZZ_DIR:-$(mktemp -d)}
clang=$(command -v clang++ || command -v clang++-14 || command -v clang++-19) || { echo "clang++ is missing" >&2; exit 1; }

mkdir -p "$folder/corpus"
# Bodies of recorded exchanges are the seeds.
for file in "$root"/tests/fixtures/api/*.json; do
  sed -e 's/^.*"body"://' -e 's/}[[:space:]]*$//' "$file" | head -c 6000 >"$folder/corpus/$(basename "$file")"
done
"$clang" -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -I"$root/src" \
  "$root"/tests/fuzz/decode_fuzz.cpp "$root"/src/decode/*.cpp "$root"/src/records/*.cpp "$root"/src/model/*.cpp \
  -o "$folder/decode_fuzz"
cd "$folder"
exec ./decode_fuzz -max_total_time="$seconds" -max_len=8192 -timeout=10 -dict="$root/tests/fuzz/answer.dict" \
  -artifact_prefix="$folder/" corpus
