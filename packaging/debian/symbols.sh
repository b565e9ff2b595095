#!/usr/bin/env bash
# symbols.sh FILE.ddeb…: CPack's packages of debug symbols as Debian has them: called .deb, with sums whose paths are the
# installed ones, and with the documents of the package that they belong to.
set -euo pipefail

for ddeb in "$@"; do
  tree=$(mktemp -d)
  dpkg-deb --raw-extract "$ddeb" "$tree/package"
  name=$(dpkg-deb --field "$ddeb" Package)
  mkdir -p "$tree/package/usr/share/doc"
  ln -s "${name%-dbgsym}" "$tree/package/usr/share/doc/$name"
  (cd "$tree/package" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  dpkg-deb --root-owner-group --build "$tree/package" "${ddeb%.ddeb}.deb" >/dev/null
  rm -r "$tree" "$ddeb"
done
