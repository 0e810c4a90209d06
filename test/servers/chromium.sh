#!/usr/bin/env bash
# Gets a real browser for the tests of the page, and prints where it is:
#
#   CHROMIUM=<path>
#
#   test/servers/chromium.sh            # idempotent: the second run only prints
#   test/servers/chromium.sh --check    # never installs; exit 1 where it is missing
#
# Debian's package `chromium`. Environment: CHROMIUM (use this binary instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

if given CHROMIUM; then
  printf 'CHROMIUM=%s\n' "$CHROMIUM"
  exit 0
fi
find_binary() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
if [ -z "$(find_binary)" ]; then install 'chromium' 'Chromium'; fi
[ -n "$(find_binary)" ] || fail 'Chromium is not on the PATH' 'set CHROMIUM to its path'
printf 'CHROMIUM=%s\n' "$(find_binary)"
