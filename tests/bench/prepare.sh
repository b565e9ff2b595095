# For the scripts beside it, which source it: it answers --help with the script's own head; prepare TARGET…
# goes to the root, sets the environment and builds into $OES_BUILD_DIR (default build/release).
case ${1:-} in
  -h | --help) awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; exit 0 ;;
esac

prepare() {
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  cd "$root"
  HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
  build=${OES_BUILD_DIR:-$root/build/release}
  export HOME LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 CCACHE_BASEDIR=$root OES_BUILD_DIR=$build
  [ -e "$build/build.ninja" ] || cmake --preset release -B "$build" >&2
  cmake --build "$build" --parallel 2 --target "$@" >&2
}
