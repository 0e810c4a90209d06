#!/usr/bin/env bash
# Gets Prometheus and promtool for the tests of alerts and dashboard, and prints where they are:
#
#   PROMETHEUS=<path>
#   PROMTOOL=<path>
#
#   test/servers/prometheus.sh            # idempotent: the second run only prints
#   test/servers/prometheus.sh --check    # never downloads; exit 1 where something is missing
#
# They are those of the PATH, or of Debian's package prometheus, which is unpacked and not installed: no service is started, nothing
# outside $XDG_CACHE_HOME (default ~/.cache)/auditveil is written. Environment: PROMETHEUS and PROMTOOL (use these binaries instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

folder=$cache/prometheus
download() { unpack prometheus; }

# find VARIABLE PROGRAM: the one named, else that of the PATH, else that of the package
find() {
  if given "$1"; then printf '%s\n' "${!1}"; else command -v "$2" || printf '%s\n' "$folder/usr/bin/$2"; fi
}

prometheus=$(find PROMETHEUS prometheus)
promtool=$(find PROMTOOL promtool)
if [ ! -x "$prometheus" ] || [ ! -x "$promtool" ]; then get Prometheus "$folder" download; fi
printf 'PROMETHEUS=%s\nPROMTOOL=%s\n' "$prometheus" "$promtool"
