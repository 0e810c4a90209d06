#!/usr/bin/env bash
# Gets a real kube-apiserver and a real etcd for the integration tests, and prints where they are:
#
#   ETCD=<path>
#   KUBE_APISERVER=<path>
#
#   test/servers/kube-apiserver.sh            # idempotent: the second run only prints
#   test/servers/kube-apiserver.sh --check    # never installs or builds; exit 1 where something is missing
#
# etcd is Debian's package etcd-server (or any etcd on the PATH). kube-apiserver has no package: its Go module is downloaded through
# the Go module proxy and built. `go install k8s.io/kubernetes/cmd/kube-apiserver@version` cannot do that, because the module's go.mod
# points its sixty or so k8s.io modules at folders that the module zip leaves out; so it is built in a copy, where they are pinned to
# their published releases (v1.N.P of Kubernetes is v0.N.P of its parts). Source of that rule: the module's own go.mod.
#
# The binary is kept outside the repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil, its version in its name. A build takes
# 5 to 20 minutes on two processors, 2 GB of memory and 4 GB of disk, which are given back at the end except Go's own caches.
# Environment: KUBERNETES_VERSION (default below), KUBE_APISERVER and ETCD (use these binaries instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${KUBERNETES_VERSION:-v1.37.2}
apiserver=${KUBE_APISERVER:-$cache/kube-apiserver-$version}

# The go of the PATH has to be as new as the module asks: with GOTOOLCHAIN=local it cannot fetch another one.
build() {
  local published=${version/#v1./v0.} base=k8s.io/component-base/version module
  need_go
  module=$(cd / && GOFLAGS='' GOWORK=off go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p') || true
  [ -d "$module" ] || fail "the Go module proxy did not give k8s.io/kubernetes $version" \
    'check GOPROXY and the network, choose another KUBERNETES_VERSION, or set KUBE_APISERVER to a kube-apiserver binary'
  cp -r "$module/." .
  chmod -R u+w .
  rm -rf go.work go.work.sum vendor
  sed -i -E "s#^([[:space:]]+)(k8s\.io/[a-z-]+) => \./staging/src/.*#\1\2 => \2 $published#" go.mod
  if grep -q '=> \./' go.mod; then fail 'the go.mod of k8s.io/kubernetes still points at local folders' 'its form has changed: adapt the sed line of this script'; fi
  say "building kube-apiserver $version (5 to 20 minutes on two processors)"
  CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=mod nice -n 10 go build -trimpath \
    -ldflags "-s -w -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=$(cut -d. -f2 <<<"$version")" \
    -o made ./cmd/kube-apiserver ||
    fail 'go build of kube-apiserver failed (its words are above)' \
      "compare 'go version' with the go line of $module/go.mod; check free memory and disk; or set KUBE_APISERVER to a kube-apiserver binary"
  ./made --version || fail 'the built kube-apiserver does not run' 'run it by hand to see why'
}

if ! given ETCD; then need etcd etcd-server; fi
given KUBE_APISERVER || get "kube-apiserver $version" "$apiserver" build
printf 'ETCD=%s\nKUBE_APISERVER=%s\n' "${ETCD:-$(command -v etcd)}" "$apiserver"
