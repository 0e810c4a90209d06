#!/usr/bin/env bash
# Gets a real Prometheus Alertmanager for the tests of the sink, and prints where it is:
#
#   ALERTMANAGER=<path>
#
#   test/servers/alertmanager.sh            # idempotent: the second run only prints
#   test/servers/alertmanager.sh --check    # never downloads; exit 1 where it is missing
#
# It is Debian's package prometheus-alertmanager, unpacked and not installed, so that no service is started. It is kept outside the
# repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil. Debian's build reads its templates from /usr/share/prometheus: they are
# copied there, which root has to do, once. Environment: ALERTMANAGER (use this binary instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

folder=$cache/alertmanager
binary=${ALERTMANAGER:-$folder/usr/bin/prometheus-alertmanager}
download() { unpack prometheus-alertmanager; }

if ! given ALERTMANAGER; then
  get Alertmanager "$folder" download
  templates=/usr/share/prometheus/alertmanager
  if [ ! -f "$templates/default.tmpl" ]; then
    { mkdir -p "$templates" && cp "$folder$templates"/*.tmpl "$templates/"; } >&2 ||
      fail "cannot copy the templates to $templates" 'run this once as root, or set ALERTMANAGER to an alertmanager binary'
  fi
fi
printf 'ALERTMANAGER=%s\n' "$binary"
