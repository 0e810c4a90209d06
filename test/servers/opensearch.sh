#!/usr/bin/env bash
# Gets a real OpenSearch node for the tests of the sink, and prints where it is:
#
#   JAVA=<path>
#   OPENSEARCH_LIBS=<folder of jars>
#   OPENSEARCH_CLASSES=<folder with OpenSearchNode.class>
#
#   test/servers/opensearch.sh            # idempotent: the second run only prints
#   test/servers/opensearch.sh --check    # never downloads; exit 1 where it is missing
#
# No package has the server, but Maven Central has its parts: org.opensearch:opensearch and its HTTP transport, about 60 MB. A few
# lines of Java (test/servers/OpenSearchNode.java) start a node of them on loopback. They are kept outside the repository, under
# $XDG_CACHE_HOME (default ~/.cache)/auditveil, the version in the folder's name. A JDK of 17 and mvn have to be there.
# Environment: OPENSEARCH_VERSION (default below; 2.19 is the last for Java 17).
set -euo pipefail

version=${OPENSEARCH_VERSION:-2.19.6}
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
folder=$cache/opensearch-$version
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'opensearch.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

for program in java javac mvn; do
  command -v "$program" >/dev/null || fail "$program is not on the PATH" 'install a JDK of 17 or newer, and Maven'
done
if [ ! -f "$folder/classes/OpenSearchNode.class" ]; then
  [ "${1:-}" != --check ] || fail "$folder is missing" 'run test/servers/opensearch.sh'
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/opensearch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  dependency() { printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' "$@"; }
  {
    printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
    printf '<groupId>auditveil.test</groupId><artifactId>opensearch</artifactId><version>1</version><dependencies>\n'
    dependency org.opensearch opensearch "$version"
    dependency org.opensearch.plugin transport-netty4-client "$version"
    dependency org.apache.logging.log4j log4j-core 2.25.4
    printf '</dependencies></project>\n'
  } >"$work/pom.xml"
  (cd "$work" && mvn -q -B dependency:copy-dependencies -DoutputDirectory="$work/jars" -DincludeScope=runtime) >&2 ||
    fail "Maven could not get OpenSearch $version" 'check the network and the settings of Maven'
  javac -d "$work/classes" -cp "$work/jars/*" "$here/OpenSearchNode.java" >&2 || fail 'javac failed' 'read what it said above'
  rm -f "$work/pom.xml"
  rm -rf "$folder"
  mv "$work" "$folder"
  trap - EXIT
fi
printf 'JAVA=%s\nOPENSEARCH_LIBS=%s\nOPENSEARCH_CLASSES=%s\n' "$(command -v java)" "$folder/jars" "$folder/classes"
