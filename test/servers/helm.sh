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

version=${HELM_VERSION:-v3.18.6}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
binary=${HELM:-$cache/helm-$version}
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'helm.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

if [ ! -x "$binary" ]; then
  [ -z "${HELM:-}" ] || fail "HELM=$HELM is not a program" 'point HELM at a helm binary, or unset it'
  [ "${1:-}" != --check ] || fail "$binary is missing" 'run test/servers/helm.sh'
  command -v go >/dev/null || fail 'go is not on the PATH' 'install Go 1.24 or newer, or point HELM at a helm binary'
  mkdir -p "$cache"
  exec 9>"$cache/helm.lock"
  flock 9 # two runs at once build once
  if [ ! -x "$binary" ]; then
    work=$(mktemp -d "$cache/helm.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    # Without the flags it says no version, and takes a cluster for Kubernetes 1.20 where it cannot ask one.
    lib=helm.sh/helm/v3
    CGO_ENABLED=0 GOBIN=$work GOFLAGS=-trimpath nice -n 10 go install \
      -ldflags "-s -w -X $lib/internal/version.version=$version -X $lib/pkg/chartutil.k8sVersionMajor=1 -X $lib/pkg/chartutil.k8sVersionMinor=33 -X $lib/pkg/lint/rules.k8sVersionMajor=1 -X $lib/pkg/lint/rules.k8sVersionMinor=33" \
      "helm.sh/helm/v3/cmd/helm@$version" >&2 || fail 'the build failed' 'read what Go said above; the module proxy has to be reachable'
    mv "$work/helm" "$binary"
  fi
fi
printf 'HELM=%s\n' "$binary"
