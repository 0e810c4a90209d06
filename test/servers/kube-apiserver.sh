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

version=${KUBERNETES_VERSION:-v1.37.2}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
check=false
case ${1:-} in
  '') ;;
  --check) check=true ;;
  *) sed -n '2,18s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'kube-apiserver.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}
say() { printf 'kube-apiserver.sh: %s\n' "$*" >&2; }

find_etcd() {
  if [ -n "${ETCD:-}" ]; then
    [ -x "$ETCD" ] || fail "ETCD=$ETCD is not a program" 'point ETCD at an etcd binary, or unset it'
    printf '%s\n' "$ETCD"
  else
    command -v etcd || true
  fi
}

install_etcd() {
  command -v apt-get >/dev/null || fail 'etcd is not on the PATH and there is no apt-get' 'install etcd 3.4 or newer, or set ETCD to its path'
  [ "$(id -u)" = 0 ] || fail 'etcd is not on the PATH' 'as root: apt-get install etcd-server, or set ETCD to its path'
  say 'installing Debian package etcd-server'
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends etcd-server; } >&2 ||
    fail 'apt-get could not install etcd-server' 'install etcd 3.4 or newer by hand, or set ETCD to its path'
}

# The go of the PATH has to be as new as the module asks: with GOTOOLCHAIN=local it cannot fetch another one.
need_go() {
  command -v go >/dev/null || fail 'kube-apiserver has to be built, and there is no go on the PATH' \
    'install Go (the version in the go.mod of k8s.io/kubernetes), or set KUBE_APISERVER to a kube-apiserver binary'
}

build_apiserver() {
  local target=$1 parts=${version/#v1./v0.} module work
  need_go
  say "getting k8s.io/kubernetes $version"
  module=$(cd / && GOFLAGS='' GOWORK=off go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p') || true
  [ -d "$module" ] || fail "the Go module proxy did not give k8s.io/kubernetes $version" \
    'check GOPROXY and the network, choose another KUBERNETES_VERSION, or set KUBE_APISERVER to a kube-apiserver binary'
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/build.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this run
  trap "chmod -R u+w '$work'; rm -rf '$work'" EXIT
  cp -r "$module/." "$work/"
  chmod -R u+w "$work"
  rm -rf "$work/go.work" "$work/go.work.sum" "$work/vendor"
  sed -i -E "s#^([[:space:]]+)(k8s\.io/[a-z-]+) => \./staging/src/.*#\1\2 => \2 $parts#" "$work/go.mod"
  if grep -q '=> \./' "$work/go.mod"; then fail 'the go.mod of k8s.io/kubernetes still points at local folders' 'its form has changed: adapt the sed line of this script'; fi
  say "building kube-apiserver $version (5 to 20 minutes on two processors)"
  local base=k8s.io/component-base/version
  (cd "$work" && CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=mod nice -n 10 go build -trimpath \
    -ldflags "-s -w -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=$(cut -d. -f2 <<<"$version")" \
    -o "$work/kube-apiserver.built" ./cmd/kube-apiserver) >&2 ||
    fail 'go build of kube-apiserver failed (its words are above)' \
      "compare 'go version' with the go line of $module/go.mod; check free memory and disk; or set KUBE_APISERVER to a kube-apiserver binary"
  "$work/kube-apiserver.built" --version >&2 || fail 'the built kube-apiserver does not run' 'run it by hand to see why'
  mv "$work/kube-apiserver.built" "$target" # the name appears only when it is whole: a killed build leaves nothing half done
}

etcd=$(find_etcd)
if [ -z "$etcd" ]; then
  if $check; then fail 'etcd is not there' 'run test/servers/kube-apiserver.sh'; fi
  install_etcd
  etcd=$(find_etcd)
fi

if [ -n "${KUBE_APISERVER:-}" ]; then
  [ -x "$KUBE_APISERVER" ] || fail "KUBE_APISERVER=$KUBE_APISERVER is not a program" 'point it at a kube-apiserver binary, or unset it'
  apiserver=$KUBE_APISERVER
else
  apiserver=$cache/kube-apiserver-$version
  if [ ! -x "$apiserver" ]; then
    if $check; then fail "kube-apiserver $version is not there" 'run test/servers/kube-apiserver.sh'; fi
    mkdir -p "$cache"
    exec 9>"$cache/kube-apiserver.lock"
    flock 9 # two runs at once build once
    [ -x "$apiserver" ] || build_apiserver "$apiserver"
  fi
fi
printf 'ETCD=%s\nKUBE_APISERVER=%s\n' "$etcd" "$apiserver"
