#!/usr/bin/env bash
# Gets a real Apache Kafka broker and its tools for the integration tests, and prints where they are:
#
#   JAVA=<path>
#   KAFKA_LIBS=<folder of jars>
#
#   test/servers/kafka.sh            # idempotent: the second run only prints
#   test/servers/kafka.sh --check    # never installs or downloads; exit 1 where something is missing
#
# The jars come from Maven Central: org.apache.kafka:kafka_2.13 and kafka-tools with what they depend on, about 55 MB. They are
# kept outside the repository, under $XDG_CACHE_HOME (default ~/.cache)/auditveil, the version in the folder's name. Java 17 or
# newer and mvn are needed; as root both are installed from Debian's packages where they are missing. What runs is the classes
# kafka.Kafka, kafka.tools.StorageTool and org.apache.kafka.tools.ProducerPerformance with `-cp "$KAFKA_LIBS/*"`.
# Environment: KAFKA_VERSION (default below), KAFKA_LIBS and JAVA (use these instead).
set -euo pipefail

version=${KAFKA_VERSION:-4.1.2}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
check=false
case ${1:-} in
  '') ;;
  --check) check=true ;;
  *) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'kafka.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}
say() { printf 'kafka.sh: %s\n' "$*" >&2; }

# need PROGRAM PACKAGE: installs the package where the program is not on the PATH
need() {
  command -v "$1" >/dev/null && return
  if $check; then fail "$1 is not on the PATH" 'run test/servers/kafka.sh'; fi
  command -v apt-get >/dev/null || fail "$1 is not on the PATH and there is no apt-get" "install $1 by hand"
  [ "$(id -u)" = 0 ] || fail "$1 is not on the PATH" "as root: apt-get install $2"
  say "installing Debian package $2"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >&2 ||
    fail "apt-get could not install $2" "install $1 by hand"
}

download() {
  local target=$1 work
  need mvn maven
  work=$(mktemp -d "$cache/kafka.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this run
  trap "rm -rf '$work'" EXIT
  dependency() { printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' "$@"; }
  {
    printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
    printf '<groupId>auditveil.test</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>\n'
    dependency org.apache.kafka kafka_2.13 "$version"
    dependency org.apache.kafka kafka-tools "$version"
    dependency org.slf4j slf4j-simple 1.7.36
    printf '</dependencies></project>\n'
  } >"$work/pom.xml"
  say "getting Apache Kafka $version and what it needs"
  (cd "$work" && mvn -q -B dependency:copy-dependencies -DoutputDirectory="$work/jars" -DincludeScope=runtime) >&2 ||
    fail "Maven could not get Apache Kafka $version" 'check the network and the settings of Maven, or choose another KAFKA_VERSION'
  "$java" -cp "$work/jars/*" kafka.tools.StorageTool random-uuid >/dev/null || fail 'the storage tool of Kafka does not run' \
    "Kafka $version needs Java 17 or newer: check '$java -version'"
  mv "$work/jars" "$target" # the name appears only when it is whole
}

if [ -z "${JAVA:-}" ]; then need java openjdk-17-jre-headless; fi
java=${JAVA:-$(command -v java)}
libs=${KAFKA_LIBS:-$cache/kafka-$version}
if [ ! -d "$libs" ]; then
  [ -z "${KAFKA_LIBS:-}" ] || fail "KAFKA_LIBS=$libs is not a folder" 'point it at a folder of jars, or unset it'
  if $check; then fail "Kafka $version is not there" 'run test/servers/kafka.sh'; fi
  mkdir -p "$cache"
  exec 9>"$cache/kafka.lock"
  flock 9 # two runs at once download once
  [ -d "$libs" ] || download "$libs"
fi
printf 'JAVA=%s\nKAFKA_LIBS=%s\n' "$java" "$libs"
