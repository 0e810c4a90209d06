#!/usr/bin/env bash
# Gets a real OpenSearch node for the tests of the sink, and prints where it is:
#
#   JAVA=<path>
#   OPENSEARCH_LIBS=<folder of jars>
#   OPENSEARCH_CLASSES=<folder with OpenSearchNode.class>
#
#   test/servers/opensearch.sh            # idempotent: the second run only prints
#   test/servers/opensearch.sh --check    # never installs or downloads; exit 1 where it is missing
#
# No package has the server, but Maven Central has its parts: org.opensearch:opensearch and its HTTP transport, about 60 MB. A few
# lines of Java (test/servers/OpenSearchNode.java) start a node of them on loopback. They are kept outside the repository, under
# $XDG_CACHE_HOME (default ~/.cache)/auditveil, the version in the folder's name. A JDK of 17 and mvn are
# needed; as root both are installed from Debian's packages where they are missing.
# Environment: OPENSEARCH_VERSION (default below; 2.19 is the last for Java 17).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

version=${OPENSEARCH_VERSION:-2.19.6}
here=$(cd "$(dirname "$0")" && pwd)
folder=$cache/opensearch-$version

download() {
  need javac openjdk-17-jdk-headless
  need mvn maven
  maven_jars made/jars "org.opensearch:opensearch:$version" "org.opensearch.plugin:transport-netty4-client:$version" \
    org.apache.logging.log4j:log4j-core:2.25.4
  javac -d made/classes -cp 'made/jars/*' "$here/OpenSearchNode.java" || fail 'javac failed' 'read what it said above'
}

need java openjdk-17-jdk-headless
get "OpenSearch $version" "$folder" download
printf 'JAVA=%s\nOPENSEARCH_LIBS=%s\nOPENSEARCH_CLASSES=%s\n' "$(command -v java)" "$folder/jars" "$folder/classes"
