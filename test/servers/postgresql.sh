#!/usr/bin/env bash
# Gets a real PostgreSQL for the tests of sinks, and prints where its programs are:
#
#   POSTGRESQL_BIN=<folder of initdb and postgres>
#
#   test/servers/postgresql.sh            # idempotent: the second run only prints
#   test/servers/postgresql.sh --check    # never installs; exit 1 where something is missing
#
# Debian's package `postgresql`. The tests make clusters of their own in folders of their own, as a user without rights.
# Environment: POSTGRESQL_BIN (use this folder instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

find_bin() { ls -d "${POSTGRESQL_BIN:-/nowhere}" /usr/lib/postgresql/*/bin 2>/dev/null | head -1; }
bin=$(find_bin || true)
if [ ! -x "$bin/initdb" ]; then
  install postgresql PostgreSQL
  bin=$(find_bin || true)
fi
[ -x "$bin/initdb" ] || fail 'initdb is not where it belongs' 'set POSTGRESQL_BIN to the folder of initdb and postgres'
printf 'POSTGRESQL_BIN=%s\n' "$bin"
