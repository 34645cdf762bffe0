#!/usr/bin/env bash
# From a fresh clone to a product that can start. Safe to repeat; the second time takes seconds.
# usage: scripts/setup.sh [test]     with "test" also what the tests need
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=requirements.txt
groups=(run)
if [ "${1:-}" = test ]; then
  requirements=requirements-dev.txt
  groups=(run test)
fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
  echo "Python 3.11 or newer is needed; found: $(python3 --version 2>&1 || echo none)."
  exit 1
fi
scripts/system_packages.sh "${groups[@]}"

# A virtual environment that was interrupted halfway has no pip; it is made anew.
if ! .venv/bin/python -m pip --version > /dev/null 2>&1; then
  if ! python3 -c 'import ensurepip' 2> /dev/null; then
    echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv"
    exit 1
  fi
  echo "Creating .venv ..."
  python3 -m venv --clear .venv
fi

stamp=.venv/.$requirements.sha256
hash=$(cat requirements.txt "$requirements" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2> /dev/null)" != "$hash" ]; then
  echo "Installing $requirements ..."
  .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --requirement "$requirements"
  echo "$hash" > "$stamp"
fi

echo "Translations, database, static files ..."
(cd locale && for po in */LC_MESSAGES/*.po; do
  [ ! -e "$po" ] || msgfmt --check-format --output-file "${po%.po}.mo" "$po"
done)
.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/python manage.py collectstatic --noinput --verbosity 0
