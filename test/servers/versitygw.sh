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
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${VERSITYGW_VERSION:-v1.8.0}
binary=${VERSITYGW:-$cache/versitygw-$version}
build() { go_program github.com/versity/versitygw/cmd/versitygw "$version"; }

given VERSITYGW || get "versitygw $version" "$binary" build
printf 'VERSITYGW=%s\n' "$binary"
