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
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${GITLEAKS_VERSION:-v8.30.1}
binary=${GITLEAKS:-$cache/gitleaks-$version}
# The module says its version only when a linker flag does.
build() { go_program github.com/zricethezav/gitleaks/v8 "$version" "-X github.com/zricethezav/gitleaks/v8/version.Version=${version#v}"; }

given GITLEAKS || get "gitleaks $version" "$binary" build
printf 'GITLEAKS=%s\n' "$binary"
