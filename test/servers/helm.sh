#!/usr/bin/env bash
# Gets helm for the tests of the chart, and prints where it is:
#
#   HELM=<path>
#
#   test/servers/helm.sh            # idempotent: the second run only prints
#   test/servers/helm.sh --check    # never installs or builds; exit 1 where it is missing
#
# It is built from its Go module, which the Go module proxy serves; Go 1.24 or newer has to be there. The binary is kept outside the
# repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil, its version in its name. A build takes 2 to 10 minutes on two
# processors. Environment: HELM_VERSION (default below), HELM (use this binary instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${HELM_VERSION:-v3.18.6}
binary=${HELM:-$cache/helm-$version}
# Without the flags it says no version, and takes a cluster for Kubernetes 1.20 where it cannot ask one.
build() {
  local lib=helm.sh/helm/v3 flags part
  flags="-X $lib/internal/version.version=$version"
  for part in chartutil lint/rules; do flags+=" -X $lib/pkg/$part.k8sVersionMajor=1 -X $lib/pkg/$part.k8sVersionMinor=33"; done
  go_program "$lib/cmd/helm" "$version" "$flags"
}

given HELM || get "helm $version" "$binary" build
printf 'HELM=%s\n' "$binary"
