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

cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
folder=$cache/alertmanager
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'alertmanager.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

if [ -n "${ALERTMANAGER:-}" ]; then
  [ -x "$ALERTMANAGER" ] || fail "ALERTMANAGER=$ALERTMANAGER is not a program" 'point it at an alertmanager binary, or unset it'
  printf 'ALERTMANAGER=%s\n' "$ALERTMANAGER"
  exit 0
fi
binary=$folder/usr/bin/prometheus-alertmanager
if [ ! -x "$binary" ]; then
  [ "${1:-}" != --check ] || fail "$binary is missing" 'run test/servers/alertmanager.sh'
  command -v apt-get >/dev/null || fail 'there is no apt-get' 'set ALERTMANAGER to an alertmanager binary'
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/alertmanager.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root prometheus-alertmanager) >&2 ||
    fail 'apt-get could not download prometheus-alertmanager' 'apt-get update as root, or set ALERTMANAGER to an alertmanager binary'
  dpkg-deb -x "$work"/prometheus-alertmanager_*.deb "$work/unpacked"
  rm -rf "$folder"
  mv "$work/unpacked" "$folder"
fi
templates=/usr/share/prometheus/alertmanager
if [ ! -f "$templates/default.tmpl" ]; then
  { mkdir -p "$templates" && cp "$folder$templates"/*.tmpl "$templates/"; } >&2 ||
    fail "cannot copy the templates to $templates" 'run this once as root, or set ALERTMANAGER to an alertmanager binary'
fi
printf 'ALERTMANAGER=%s\n' "$binary"
