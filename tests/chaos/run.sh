#!/usr/bin/env bash
# A campaign of chaos (README.md here): tests/chaos/run.sh --kills N --hours H [--deployments D] [--seed S]
#   --bugs   instead: every seeded bug must be caught, and its scenario pass without it
#   --bug NAME --until-found --hours 1   how long the general draw takes to see this bug; no scenario is made for it
# The executables of build/release must be built (tests/run.sh does it). The last line of a campaign is one JSON object;
# the exit code is 0 only if nothing was lost or repeated and no rule was broken.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export PYTHONDONTWRITEBYTECODE=1 OES_BUILD_DIR=${OES_BUILD_DIR:-$root/build/release} PYTHONPATH=$root/tests/chaos
python=$("$root/tests/support/venv.sh")
if [ "${1:-}" = --bugs ]; then
  shift
  exec "$python" -m pytest -q -p no:cacheprovider "$root/tests/chaos/test_seeded_bugs.py" "$@"
fi
exec "$python" -m harness.campaign "$@"
