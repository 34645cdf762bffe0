#!/usr/bin/env bash
# Run a command with DATABASE_URL naming a PostgreSQL of its own, which is gone afterwards.
# usage: scripts/with_postgres.sh COMMAND [ARGUMENT ...]
# The server listens on a socket in a temporary folder only, so it never meets another one.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,4s/^# //p' "$0"; exit 2; }

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort | tail -n 1)
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL is not installed. On Debian: sudo apt-get install postgresql" >&2
  exit 1
fi

# The server refuses to run as root.
as=()
folder=$(mktemp --directory /tmp/udvalgsrum-pg.XXXXXX)
if [ "$(id -u)" = 0 ]; then
  as=(runuser -u postgres --)
  chown postgres "$folder"
fi
run_server_tool() { (cd "$folder" && "${as[@]}" "$bin/$@"); }

clean_up() {
  run_server_tool pg_ctl --pgdata data --mode immediate stop > /dev/null 2>&1 || true
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if ! {
  run_server_tool initdb --pgdata data --auth trust --username postgres \
    --encoding UTF8 --locale C.UTF-8 --no-sync \
    && run_server_tool pg_ctl --pgdata data --wait --log log start \
      --options "-k '$folder' -c listen_addresses='' -c fsync=off -c max_connections=60" \
    && run_server_tool createdb --host "$folder" --username postgres udvalgsrum
} > "$folder/out" 2>&1 < /dev/null; then
  cat "$folder/out" "$folder/log" >&2 2> /dev/null || true
  echo "The temporary PostgreSQL did not start." >&2
  exit 1
fi

# Not exec: the trap has to run afterwards.
export DATABASE_URL="postgres://postgres@/udvalgsrum?host=$folder"
"$@"
