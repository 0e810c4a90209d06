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
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${KAFKA_VERSION:-4.1.2}

download() {
  need mvn maven
  maven_jars made "org.apache.kafka:kafka_2.13:$version" "org.apache.kafka:kafka-tools:$version" org.slf4j:slf4j-simple:1.7.36
  "$java" -cp 'made/*' kafka.tools.StorageTool random-uuid >/dev/null || fail 'the storage tool of Kafka does not run' \
    "Kafka $version needs Java 17 or newer: check '$java -version'"
}

if [ -z "${JAVA:-}" ]; then need java openjdk-17-jre-headless; fi
java=${JAVA:-$(command -v java)}
libs=${KAFKA_LIBS:-$cache/kafka-$version}
if [ -n "${KAFKA_LIBS:-}" ]; then
  [ -d "$libs" ] || fail "KAFKA_LIBS=$libs is not a folder" 'point it at a folder of jars, or unset it'
else
  get "Apache Kafka $version" "$libs" download
fi
printf 'JAVA=%s\nKAFKA_LIBS=%s\n' "$java" "$libs"
