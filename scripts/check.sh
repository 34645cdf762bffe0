#!/usr/bin/env bash
# Every check that is not a test. Runs them all and says at the end which ones failed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}

deployment() {
  # As in production, with values that only look like real ones and files of their own.
  local folder status
  folder=$(mktemp --directory)
  VAR_DIR=$folder DJANGO_SETTINGS_MODULE=config.settings.prod DATABASE_URL='' REDIS_URL='' \
    SECRET_KEY=$(head -c 48 /dev/urandom | base64 --wrap 0) \
    ALLOWED_HOSTS=udvalgsrum.example SITE_URL=https://udvalgsrum.example \
    $bin/python manage.py check --deploy --fail-level WARNING
  status=$?
  rm -rf "$folder"
  return $status
}

check "format" $bin/ruff format --check .
check "lint" $bin/ruff check .
check "types" $bin/mypy
check "imports" $bin/lint-imports
check "system checks" $bin/python manage.py check --fail-level WARNING
check "deployment" deployment
check "migrations" $bin/python manage.py makemigrations --check --dry-run
check "messages" $bin/python -m scripts.check_messages
check "diagrams" $bin/python manage.py workflow_diagrams --check
check "vendored files" $bin/python scripts/vendor_static.py --check

if [ ${#failed[@]} -gt 0 ]; then
  echo
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "All checks passed."
