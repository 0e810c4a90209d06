#!/usr/bin/env bash
# Gets a real ClickHouse for the tests of sinks, and prints where it is:
#
#   CLICKHOUSE_SERVER=<path>
#
#   test/servers/clickhouse.sh            # idempotent: the second run only prints
#   test/servers/clickhouse.sh --check    # never installs; exit 1 where it is missing
#
# Debian's package `clickhouse-server`: version 18.16, so the tests make tables of old types and send no deduplication token.
# Environment: CLICKHOUSE_SERVER (use this binary instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

find_binary() { printf '%s' "${CLICKHOUSE_SERVER:-$(PATH=$PATH:/usr/sbin command -v clickhouse-server || true)}"; }
if [ ! -x "$(find_binary)" ]; then install clickhouse-server ClickHouse; fi
[ -x "$(find_binary)" ] || fail 'clickhouse-server is not where it belongs' 'set CLICKHOUSE_SERVER to its path'
printf 'CLICKHOUSE_SERVER=%s\n' "$(find_binary)"
