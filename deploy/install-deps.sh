#!/usr/bin/env bash
# Installs, through apt, what the build needs (Debian 12 bookworm, 13 trixie). Asks for nothing when all is there.
#   deploy/install-deps.sh [--demo] [--kafka] [--package] [--tests] [--reader-tests] [--system-tests] [--simulation] [--print]
#   --demo: kcat too; --kafka: Java and Maven, for a Kafka of our own; --package: what makes Debian packages;
#   --tests: demo and kafka, and Python environments; --reader-tests: that, and PostgreSQL;
#   --system-tests: tests, and machines, containers, lintian, Prometheus, a browser; --simulation: what simulated worlds need;
#   --print: only prints the packages' names
set -euo pipefail

demo=no kafka=no package=no tests=no readers=no system=no simulation=no print=no
for argument in "$@"; do
  case $argument in
    --demo) demo=yes ;;
    --kafka) kafka=yes ;;
    --package) package=yes ;;
    --tests) demo=yes kafka=yes tests=yes ;;
    --reader-tests) demo=yes kafka=yes tests=yes readers=yes ;;
    --system-tests) demo=yes kafka=yes package=yes tests=yes system=yes ;;
    --simulation) simulation=yes ;;
    --print) print=yes ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "install-deps.sh: unknown option '$argument'" >&2; exit 2 ;;
  esac
done

release=$(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")
case $release in
  bookworm) boost=libboost1.81-dev context=libboost-context1.81-dev java=openjdk-17-jdk-headless ;; # its libboost-dev is 1.74: too old
  trixie) boost=libboost-dev context=libboost-context-dev java=openjdk-21-jdk-headless ;;
  *)
    boost=libboost-dev context=libboost-context-dev java=default-jdk-headless
    echo "install-deps.sh: made for Debian bookworm and trixie, trying the same names on '$release'" >&2
    ;;
esac

packages=(g++ cmake ninja-build pkg-config ccache ca-certificates "$boost"
  libssl-dev zlib1g-dev librdkafka-dev rapidjson-dev libyaml-cpp-dev prometheus-cpp-dev doctest-dev
  libcli11-dev libsystemd-dev python3)
if [ $demo = yes ]; then packages+=(kcat); fi
if [ $kafka = yes ]; then packages+=("$java" maven); fi
if [ $package = yes ]; then packages+=(dpkg-dev file gzip git); fi
if [ $system = yes ]; then
  packages+=(debootstrap systemd-container lintian buildah docker-compose prometheus chromium chromium-driver npm zsh fish man-db groff)
fi
if [ $simulation = yes ] || [ $tests = yes ]; then packages+=("$context"); fi
if [ $tests = yes ]; then packages+=(python3-venv procps faketime jq); fi
if [ $readers = yes ]; then packages+=(postgresql); fi
if [ $print = yes ]; then
  printf '%s\n' "${packages[@]}"
  exit 0
fi

# A package counts only when it is configured: an interrupted apt leaves half of one behind.
installed() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }
missing=()
for package in "${packages[@]}"; do
  # Any JDK from 17 on will do, whoever installed it.
  if [ "$package" = "$java" ] && command -v javac >/dev/null; then continue; fi
  # Node.js from elsewhere brings npm along, and Debian's cannot be installed beside it.
  if [ "$package" = npm ] && command -v npm >/dev/null; then continue; fi
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-deps.sh: neither root nor sudo. As root, run:" >&2
    echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1
}
echo "installing ${#missing[@]} packages: ${missing[*]}" >&2
# The lists may be fresh enough; asking for them anew is tried only when the first attempt fails.
if ! apt_get install --no-install-recommends "${missing[@]}"; then
  if ! { apt_get update && apt_get install --no-install-recommends "${missing[@]}"; }; then
    tail -n 20 "$log" >&2
    echo "install-deps.sh: apt-get failed (its last lines are above)" >&2
    exit 1
  fi
fi
