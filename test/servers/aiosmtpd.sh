#!/usr/bin/env bash
# Gets a real mail server for the tests of sinks, and prints which python runs it:
#
#   AIOSMTPD_PYTHON=<path>
#
#   test/servers/aiosmtpd.sh            # idempotent: the second run only prints
#   test/servers/aiosmtpd.sh --check    # never downloads; exit 1 where it is missing
#
# The Python package aiosmtpd in a virtual environment outside the repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil.
# Environment: AIOSMTPD_VERSION (default below), AIOSMTPD_PYTHON (a python that has it).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${AIOSMTPD_VERSION:-1.4.6}
folder=$cache/aiosmtpd-$version
python=${AIOSMTPD_PYTHON:-$folder/bin/python}
if ! "$python" -c 'import aiosmtpd' 2>/dev/null; then
  missing "aiosmtpd $version"
  command -v python3 >/dev/null || fail 'there is no python3' 'install python3 with its venv module'
  say "getting aiosmtpd $version"
  mkdir -p "$cache"
  { python3 -m venv "$folder" && "$folder/bin/pip" -q install "aiosmtpd==$version"; } >&2 ||
    fail 'pip could not install aiosmtpd (its words are above)' 'check the network and the venv module, or set AIOSMTPD_PYTHON'
fi
printf 'AIOSMTPD_PYTHON=%s\n' "$python"
