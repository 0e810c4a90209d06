#!/usr/bin/env bash
# Gets a real S3 server for the tests of sinks, and prints where it is:
#
#   VERSITYGW=<path>
#
#   test/servers/versitygw.sh            # idempotent: the second run only prints
#   test/servers/versitygw.sh --check    # never builds; exit 1 where it is missing
#
# Versity S3 Gateway (Apache-2.0) over a folder: it checks signatures and knows conditional writes. Built from its Go module, in 1 to 5
# minutes; the binary is kept outside the repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil, its version in its name.
# Environment: VERSITYGW_VERSION (default below), VERSITYGW (use this binary instead).
set -euo pipefail
me=versitygw.sh
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${VERSITYGW_VERSION:-v1.8.0}
binary=${VERSITYGW:-$cache/versitygw-$version}
if [ ! -x "$binary" ]; then
  if $check; then fail "versitygw $version is not there" "run test/servers/$me"; fi
  command -v go >/dev/null || fail 'versitygw has to be built, and there is no go on the PATH' 'install Go, or set VERSITYGW to a binary'
  mkdir -p "$cache"
  exec 9>"$cache/versitygw.lock"
  flock 9 # two runs at once build once
  if [ ! -x "$binary" ]; then
    say "building versitygw $version (1 to 5 minutes)"
    work=$(mktemp -d "$cache/versitygw.XXXXXX")
    # shellcheck disable=SC2064 # the folder of this run
    trap "rm -rf '$work'" EXIT
    (cd "$work" && GOBIN=$work GOWORK=off GOFLAGS='' CGO_ENABLED=0 nice -n 10 go install "github.com/versity/versitygw/cmd/versitygw@$version") >&2 ||
      fail 'go install of versitygw failed (its words are above)' 'check GOPROXY and the version of go, or set VERSITYGW to a binary'
    mv "$work/versitygw" "$binary"
  fi
fi
printf 'VERSITYGW=%s\n' "$binary"
