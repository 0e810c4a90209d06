#!/usr/bin/env bash
# Gets a real syslog receiver for the tests of sinks, and prints where it is:
#
#   SYSLOG_NG=<path>
#
#   test/servers/syslog-ng.sh            # idempotent: the second run only prints
#   test/servers/syslog-ng.sh --check    # never installs; exit 1 where it is missing
#
# Debian's package `syslog-ng-core`. The tests run it with a configuration and a folder of their own.
# Environment: SYSLOG_NG (use this binary instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

find_binary() { printf '%s' "${SYSLOG_NG:-$(PATH=$PATH:/usr/sbin command -v syslog-ng || true)}"; }
if [ ! -x "$(find_binary)" ]; then install syslog-ng-core syslog-ng; fi
[ -x "$(find_binary)" ] || fail 'syslog-ng is not where it belongs' 'set SYSLOG_NG to its path'
printf 'SYSLOG_NG=%s\n' "$(find_binary)"
