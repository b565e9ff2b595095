#!/usr/bin/env bash
# Builds the Debian packages (daemon, simulator, debug symbols of both) and prints their files.
#   deploy/package.sh [--out FOLDER]                            of this checkout, on this machine (Debian 12, 13)
#   deploy/package.sh --release R [--commit C] [--out FOLDER]   of a commit, in a Debian of that release made for it
# FOLDER: build/packages, or build/packages-R. The second way needs root and debootstrap; its machine stays in $OES_CACHE
# (default ~/.cache/openelectricity-stream) with what it has compiled.
set -euo pipefail

release='' commit=HEAD out=
while [ $# -gt 0 ]; do
  case $1 in
    --release) release=$2; shift 2 ;;
    --commit) commit=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "package.sh: unknown option '$1'" >&2; exit 2 ;;
  esac
done
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
out=${out:-build/packages${release:+-$release}}
mkdir -p "$out"

if [ -n "$release" ]; then
  machine=${OES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/openelectricity-stream}/system/$release-build
  deploy/fresh-machine.sh --release "$release" --commit "$commit" --in "$machine" -- deploy/package.sh >&2
  made=$machine/root/openelectricity-stream/build/packages
else
  deploy/install-deps.sh --package
  export CCACHE_BASEDIR=$root
  cmake --preset package -DOES_COMMIT="${OES_COMMIT:-}" >&2
  cmake --build --preset package --target openelectricity-stream openelectricity-simulator >&2
  made=build/package/packages
  rm -rf $made
  (cd build/package && cpack) >&2
  packaging/debian/symbols.sh "$made"/*.ddeb
fi
rm -f "$out"/openelectricity-*.deb
cp "$made"/openelectricity-*.deb "$out"
ls "$out"/openelectricity-*.deb
