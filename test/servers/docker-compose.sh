#!/usr/bin/env bash
# Gets docker-compose for the test of docker-compose.yml, and prints where it is:
#
#   DOCKER_COMPOSE=<path>
#
#   test/servers/docker-compose.sh            # idempotent: the second run only prints
#   test/servers/docker-compose.sh --check    # never downloads; exit 1 where something is missing
#
# It is the one of the PATH, or Debian's package docker-compose with the Python modules it needs, which are unpacked and not
# installed: nothing outside $XDG_CACHE_HOME (default ~/.cache)/auditveil is written. No Docker engine is needed for what it is used
# for (`config`). Python 3 has to be there. Environment: DOCKER_COMPOSE (use this program instead).
set -euo pipefail
# shellcheck source=test/servers/servers.sh
. "$(dirname "$0")/servers.sh"

folder=$cache/docker-compose
modules=(docker dockerpty docopt dotenv jsonschema requests texttable websocket yaml distro attr pyrsistent urllib3 idna chardet
  charset-normalizer certifi packaging six cached-property distutils lib2to3)

download() {
  command -v python3 >/dev/null || fail 'there is no python3' 'install Python 3, or set DOCKER_COMPOSE'
  unpack docker-compose "${modules[@]/#/python3-}"
  printf '#!/bin/sh\nPYTHONPATH="%s" exec python3 "%s" "$@"\n' "$folder/usr/lib/python3/dist-packages" "$folder/usr/bin/docker-compose" >made/docker-compose
  chmod +x made/docker-compose
}

if given DOCKER_COMPOSE; then
  program=$DOCKER_COMPOSE
elif ! program=$(command -v docker-compose); then
  get docker-compose "$folder" download
  program=$folder/docker-compose
fi
printf 'DOCKER_COMPOSE=%s\n' "$program"
