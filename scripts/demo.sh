#!/usr/bin/env bash
# The running product with demo data. PORT= chooses the port.
set -euo pipefail
cd "$(dirname "$0")/.."
export PORT="${PORT:-8000}"
address="http://127.0.0.1:$PORT"
export SITE_URL="${SITE_URL:-$address}"

echo "Demo data (made once, only in an empty installation) ..."
.venv/bin/python manage.py seed_demo --stage meeting

cat << TEXT

  Udvalgsrum        $address/
  Møder             $address/moeder/
  Administration    $address/admin/

  Log in as         sekretariat, formand, medlem, borgermedlem, bedoemmer,
                    foelgegruppe, systemejer, raadslaeser or admin
  Password          demo-udvalgsrum

TEXT
exec .venv/bin/python manage.py serve --port "$PORT"
