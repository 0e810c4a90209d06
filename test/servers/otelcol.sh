#!/usr/bin/env bash
# Gets a real OpenTelemetry Collector with an OTLP receiver for the tests of the sink, and prints where it is:
#
#   OTELCOL=<path>
#
#   test/servers/otelcol.sh            # idempotent: the second run only prints
#   test/servers/otelcol.sh --check    # never builds; exit 1 where it is missing
#
# It is built of its Go modules, which the Go module proxy serves, by the Collector's own builder; Go 1.25 or newer has to be there. The
# binary is kept outside the repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil. A build takes one to ten minutes.
# Environment: OTELCOL (use this binary instead).
set -euo pipefail

version=v0.165.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
binary=${OTELCOL:-$cache/otelcol-otlp-$version}
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'otelcol.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

# The builder would also fetch what only tests of the modules need; `go build` fetches what the program needs.
build() {
  cd "$1"
  cat >builder.yaml <<'END'
dist: { name: otelcol, description: OpenTelemetry Collector with an OTLP receiver, version: 0.165.1, output_path: . }
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v0.165.0
exporters:
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter v0.165.1
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v1.71.0
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v1.71.0
END
  GOBIN=$PWD/bin nice -n 10 go install "go.opentelemetry.io/collector/cmd/builder@$version"
  ./bin/builder --config builder.yaml --skip-compilation --skip-get-modules
  {
    printf 'module otelcol\n\ngo 1.25.0\n\nrequire (\n\tgo.opentelemetry.io/collector/otelcol %s\n' "$version"
    sed -n 's/^ *- gomod: /\t/p' builder.yaml
    printf ')\n'
  } >go.mod
  nice -n 10 go build -mod=mod -p 1 -trimpath -ldflags '-s -w' -o otelcol .
}

if [ ! -x "$binary" ]; then
  [ -z "${OTELCOL:-}" ] || fail "OTELCOL=$OTELCOL is not a program" 'point OTELCOL at an OpenTelemetry Collector, or unset it'
  [ "${1:-}" != --check ] || fail "$binary is missing" 'run test/servers/otelcol.sh'
  command -v go >/dev/null || fail 'go is not on the PATH' 'install Go 1.25 or newer, or point OTELCOL at an OpenTelemetry Collector'
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/otelcol.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  (set -e; build "$work") >&2 || fail 'the build failed' 'read what Go said above; the module proxy has to be reachable'
  mv "$work/otelcol" "$binary"
fi
printf 'OTELCOL=%s\n' "$binary"
