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

folder=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil/prometheus
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'prometheus.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

# find VARIABLE PROGRAM
find() {
  local given=${!1:-} packed=$folder/usr/bin/$2
  if [ -n "$given" ]; then
    [ -x "$given" ] || fail "$1=$given is not a program" "point $1 at a $2 binary, or unset it"
    printf '%s\n' "$given"
  else
    command -v "$2" || { if [ -x "$packed" ]; then printf '%s\n' "$packed"; fi; }
  fi
}

unpack() {
  command -v apt-get >/dev/null || fail 'prometheus is not on the PATH and there is no apt-get' 'install Prometheus 2.42 or newer, or set PROMETHEUS and PROMTOOL'
  local work
  mkdir -p "$folder"
  work=$(mktemp -d "$folder.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this run
  trap "rm -rf '$work'" EXIT
  { [ "$(id -u)" != 0 ] || apt-get update -qq; } >&2 || true
  (cd "$work" && apt-get download -qq prometheus) >&2 || fail 'apt-get could not download prometheus' 'check the network, or set PROMETHEUS and PROMTOOL'
  dpkg-deb -x "$work"/prometheus_*.deb "$folder"
}

if [ -z "$(find PROMETHEUS prometheus)" ] || [ -z "$(find PROMTOOL promtool)" ]; then
  [ "${1:-}" != --check ] || fail 'prometheus is not there' 'run test/servers/prometheus.sh'
  unpack
fi
printf 'PROMETHEUS=%s\nPROMTOOL=%s\n' "$(find PROMETHEUS prometheus)" "$(find PROMTOOL promtool)"
