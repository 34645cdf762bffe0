#!/usr/bin/env bash
# Make sure the Debian packages of the named groups (run, test) are there.
# Installs what is missing when it may, otherwise says exactly what to type and exits 1.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=()
for group in "$@"; do
  while read -r package; do wanted+=("$package"); done \
    < <(awk -v group="$group" '$1 == group { print $2 }' scripts/debian-packages.txt)
done

if ! command -v dpkg-query > /dev/null; then
  echo "This is not Debian. Please see to it that the equivalents of these are installed:"
  echo "  ${wanted[*]}"
  exit 0
fi

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

missing=()
for package in "${wanted[@]}"; do is_installed "$package" || missing+=("$package"); done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Missing Debian packages: ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
  as_root=(sudo -n env)
else
  echo "Install them, then run the same command again:"
  echo "  sudo apt-get install --no-install-recommends ${missing[*]}"
  exit 1
fi

echo "Installing them (a minute or two) ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install=(apt-get install --yes --no-install-recommends "${missing[@]}")
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" DEBIAN_FRONTEND=noninteractive "${install[@]}"; } \
  > "$log" 2>&1 < /dev/null; then
  tail -n 20 "$log"
  echo "apt-get could not install them. To try by hand: ${install[*]}"
  exit 1
fi
