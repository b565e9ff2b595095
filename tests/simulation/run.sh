#!/usr/bin/env bash
# Worlds in which the daemon's own code runs on virtual time (README.md here); builds what is missing first.
#   tests/simulation/run.sh --seeds N [--from S]   N worlds, from seed S (1) on; exit code 1 where one is violated
#       --jobs N          so many at a time; as many as there are cores, where it is not given
#       --for S           no world is begun after S seconds
#       --state FILE      a campaign that goes on where it was interrupted; violated worlds are made smaller and kept in
#                         FILE.worlds (--kept FOLDER)
#       --report FILE     JUnit's XML of it
#   tests/simulation/run.sh --seed S --trace       the story of one world
#   tests/simulation/run.sh --seed S --shrink      what of a violated world is enough for a violation
#   tests/simulation/run.sh --same N [--from S]    each of N worlds twice: the same seed has the same story
#   tests/simulation/run.sh --bugs [N]             each seeded bug in up to N worlds (200), until it is found
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1
export CCACHE_BASEDIR=$root
build=$root/build/release
program=$build/tests/simulation/openelectricity-simulation

[ -n "${OES_NO_BUILD:-}" ] || {
  deploy/install-deps.sh --simulation || exit 2
  cmake --preset release -DOES_SIMULATION=ON >/dev/null &&
    cmake --build --preset release --target openelectricity-simulation >/dev/null || exit 2
}
# A function that the model lacks would be librdkafka's own, with threads of its own.
if readelf -d "$program" | grep -q librdkafka; then
  echo "run.sh: the simulation needs a function of librdkafka that the model of it lacks" >&2
  exit 2
fi

case ${1:-} in
  --bugs)
    missed=0
    for bug in $(grep -rhoP 'seeded_bug\("\K[^"]+' src | sort -u); do
      found=$("$program" --seeds "${2:-200}" --bug "$bug" --until-found | grep '^seed' | sort -k2 -n | head -1)
      [ -n "$found" ] || missed=$((missed + 1))
      printf '%-28s %s\n' "$bug" "${found:-not found}"
    done
    echo "$missed not found"
    ;;
  *) exec "$program" "$@" ;;
esac
