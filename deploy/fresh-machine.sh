#!/usr/bin/env bash
# Runs a command of the README on a machine that has nothing: a new Debian in a folder (debootstrap), a clean checkout in
# it, this machine's network settings carried over (package mirror, proxies, certificates, pip, Maven), all removed at the end.
#   deploy/fresh-machine.sh [--release bookworm|trixie] [--commit C] [--keep | --in FOLDER] -- COMMAND…
#   e.g. deploy/fresh-machine.sh --release trixie -- ./tests/run.sh --quick
# Root and debootstrap are needed. What is not committed is not in the checkout. --keep leaves the folder and names it.
# --in FOLDER: the machine is made there once, stays, and is used again with a new checkout: no longer fresh, but soon there.
set -euo pipefail

release=bookworm commit=HEAD keep=no root=
while [ $# -gt 0 ]; do
  case $1 in
    --release) release=$2; shift 2 ;;
    --commit) commit=$2; shift 2 ;;
    --keep) keep=yes; shift ;;
    --in) root=$2; shift 2 ;;
    --) shift; break ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "fresh-machine.sh: unknown option '$1'" >&2; exit 2 ;;
  esac
done
[ $# -gt 0 ] || { echo "fresh-machine.sh: no command after --" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "fresh-machine.sh: needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "fresh-machine.sh: debootstrap is missing" >&2; exit 1; }

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -n "$root" ]; then
  mkdir -p "$root"
else
  root=$(mktemp -d "${TMPDIR:-/var/tmp}/oes-fresh-$release-XXXXXX")
  clean_up() { if [ $keep = yes ]; then echo "kept: $root" >&2; else rm -rf --one-file-system "$root"; fi; }
  trap clean_up EXIT
fi
trap 'exit 130' INT
trap 'exit 143' TERM

# The mirror that this machine's own apt uses for Debian; without one (another distribution) debootstrap's default.
mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
  awk '$1 == "Debian" {print $2; exit}')
if [ ! -e "$root/made-by-fresh-machine" ]; then
  echo "debootstrap $release" >&2
  rm -rf --one-file-system "${root:?}"/* # what an interrupted one has left
  debootstrap --variant=minbase "$release" "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; rm -f "$root.log"; exit 1; }
  rm -f "$root.log"
  touch "$root/made-by-fresh-machine"
fi

# Carried over; each only where this machine has it.
carry() { if [ -e "$1" ]; then mkdir -p "$root$(dirname "$2")" && cp -L "$1" "$root$2"; fi; }
root_home=$(getent passwd root | cut -d: -f6) # the same in the new machine
carry /etc/resolv.conf /etc/resolv.conf
carry /etc/hosts /etc/hosts
carry /etc/pip.conf /etc/pip.conf
carry "$HOME/.config/pip/pip.conf" "$root_home/.config/pip/pip.conf"
carry "$HOME/.m2/settings.xml" "$root_home/.m2/settings.xml"
apt-config dump | grep -iE '^Acquire::(https?::|Retries|Check-)' >"$root/etc/apt/apt.conf.d/90host" || true

# Certificates of our own authorities, one a file: the ca-certificates package then takes them up, for OpenSSL and Java.
mkdir -p "$root/usr/local/share/ca-certificates"
python3 - "$root/usr/local/share/ca-certificates" <<'PYTHON'
import pathlib, re, sys
pattern = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)
def certificates(path):
    return pattern.findall(path.read_text(encoding="ascii", errors="ignore")) if path.is_file() else []
usual = {text for path in pathlib.Path("/usr/share/ca-certificates").rglob("*.crt") for text in certificates(path)}
own = [text for text in certificates(pathlib.Path("/etc/ssl/certs/ca-certificates.crt")) if text not in usual]
for number, text in enumerate(own):
    pathlib.Path(sys.argv[1], f"host-{number}.crt").write_text(text + "\n", encoding="ascii")
PYTHON

rm -rf "$root/root/openelectricity-stream"
mkdir -p "$root/root/openelectricity-stream"
git -C "$checkout" archive "$commit" | tar -x -C "$root/root/openelectricity-stream"

# Of the environment only what concerns the network. Not the place of a folder of this machine.
carried=()
while IFS= read -r name; do
  case $name in
    [hH][tT][tT][pP]*_[pP][rR][oO][xX][yY] | [nN][oO]_[pP][rR][oO][xX][yY] | PIP_* | MAVEN_* | JAVA_TOOL_OPTIONS | \
      *_CA_BUNDLE | SSL_CERT_FILE | SSL_CERT_DIR)
      if [ "$name" != PIP_FIND_LINKS ]; then carried+=("$name=${!name}"); fi ;;
  esac
done < <(compgen -e)

# Namespaces of its own: whatever the command leaves running or mounted ends with it.
code=0
unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" \
  env -i "${carried[@]}" HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" \
  /bin/bash -c '
    mkdir -p "$0/dev/pts" && mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$0/dev/pts" &&
      ln -sf pts/ptmx "$0/dev/ptmx"
    exec chroot "$@"' "$root" "$root" /bin/bash -c 'cd ~/openelectricity-stream && exec "$@"' fresh "$@" || code=$?
exit $code
