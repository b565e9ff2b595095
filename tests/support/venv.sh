#!/usr/bin/env bash
# Prints the Python of a virtual environment with tests/requirements.txt, or with the file that is named, made in the cache when it is not there yet.
# A new environment for every change of the list or of the system's Python; two callers at once make one.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
requirements=${1:-$here/../requirements.txt}
home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=${OES_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/openelectricity-stream}
base=/usr/bin/python3
[ -x $base ] || base=python3

tag=$({ "$base" --version; cat "$requirements"; } | sha256sum | cut -c1-12)
venv=$cache/venv-$tag
if [ ! -e "$venv/ready" ]; then
  mkdir -p "$cache"
  exec 9>"$cache/.lock-venv"
  flock 9
  if [ ! -e "$venv/ready" ]; then
    echo "making the tests' Python environment" >&2
    rm -rf "$venv"
    "$base" -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --no-input --use-pep517 --requirement "$requirements" >&2
    touch "$venv/ready"
  fi
fi
echo "$venv/bin/python"
