#!/usr/bin/env bash
# The newest value of every point with kcat and jq: kcat.sh BOOTSTRAP TOPIC
# A topic of JSON; a long record has one value, a wide one an object with its columns. Tombstones, which the list of facilities
# may have, are passed over.
#   apt-get install kcat jq
set -euo pipefail

# librdkafka's default, said all the same: records of aborted transactions were never published.
kcat -C -q -e -b "$1" -t "$2" -o beginning -X isolation.level=read_committed -f '%k\t%s\n' |
  jq -R -s -c 'split("\n") | map(select(. != "") | split("\t") | select(.[1] != "") | {key: .[0], record: (.[1] | fromjson)})
    | group_by([.key, .record.interval]) | map(max_by(.record.version))[] | [.key, (.record | if has("metric") then .value
      else with_entries(select((.value | type) == "number" and (.key | IN("revision", "version") | not))) end)]'
