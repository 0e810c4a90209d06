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
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=v0.165.0
binary=${OTELCOL:-$cache/otelcol-otlp-$version}

# The builder would also fetch what only tests of the modules need; `go build` fetches what the program needs.
build() {
  need_go
  cat >builder.yaml <<'PARTS'
dist: { name: otelcol, description: OpenTelemetry Collector with an OTLP receiver, version: 0.165.1, output_path: . }
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v0.165.0
exporters:
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter v0.165.1
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v1.71.0
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v1.71.0
PARTS
  GOBIN=$PWD/bin nice -n 10 go install "go.opentelemetry.io/collector/cmd/builder@$version"
  ./bin/builder --config builder.yaml --skip-compilation --skip-get-modules
  {
    printf 'module otelcol\n\ngo 1.25.0\n\nrequire (\n\tgo.opentelemetry.io/collector/otelcol %s\n' "$version"
    sed -n 's/^ *- gomod: /\t/p' builder.yaml
    printf ')\n'
  } >go.mod
  nice -n 10 go build -mod=mod -p 1 -trimpath -ldflags '-s -w' -o made .
}

given OTELCOL || get "OpenTelemetry Collector $version" "$binary" build
printf 'OTELCOL=%s\n' "$binary"
