#!/usr/bin/env bash
# Gets gitleaks for the masking benchmark, and prints where it is:
#
#   GITLEAKS=<path>
#
#   test/servers/gitleaks.sh            # idempotent: the second run only prints
#   test/servers/gitleaks.sh --check    # never installs or builds; exit 1 where it is missing
#
# It is built from its Go module, which the Go module proxy serves; Go 1.24 or newer has to be there. The binary is kept outside the
# repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil, its version in its name. A build takes a few minutes.
# Environment: GITLEAKS_VERSION (default below), GITLEAKS (use this binary instead).
set -euo pipefail

version=${GITLEAKS_VERSION:-v8.30.1}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
binary=${GITLEAKS:-$cache/gitleaks-$version}
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'gitleaks.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

if [ ! -x "$binary" ]; then
  [ -z "${GITLEAKS:-}" ] || fail "GITLEAKS=$GITLEAKS is not a program" 'point GITLEAKS at a gitleaks binary, or unset it'
  [ "${1:-}" != --check ] || fail "$binary is missing" 'run test/servers/gitleaks.sh'
  command -v go >/dev/null || fail 'go is not on the PATH' 'install Go 1.24 or newer, or point GITLEAKS at a gitleaks binary'
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/gitleaks.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # The module says its version only when a linker flag does.
  GOBIN=$work GOFLAGS=-trimpath go install \
    -ldflags "-s -w -X github.com/zricethezav/gitleaks/v8/version.Version=${version#v}" \
    "github.com/zricethezav/gitleaks/v8@$version" >&2 || fail 'the build failed' 'read what Go said above; the module proxy has to be reachable'
  mv "$work/gitleaks" "$binary"
fi
printf 'GITLEAKS=%s\n' "$binary"
