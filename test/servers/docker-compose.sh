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

folder=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil/docker-compose
program=$folder/docker-compose
case ${1:-} in
  '' | --check) ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

fail() {
  printf 'docker-compose.sh: %s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

unpack() {
  command -v apt-get >/dev/null || fail 'docker-compose is not on the PATH and there is no apt-get' 'install docker-compose, or set DOCKER_COMPOSE'
  command -v python3 >/dev/null || fail 'there is no python3' 'install Python 3, or set DOCKER_COMPOSE'
  local work
  mkdir -p "$folder"
  work=$(mktemp -d "$folder.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this run
  trap "rm -rf '$work'" EXIT
  local modules=(docker dockerpty docopt dotenv jsonschema requests texttable websocket yaml distro attr pyrsistent urllib3 idna chardet
    charset-normalizer certifi packaging six cached-property distutils lib2to3)
  { [ "$(id -u)" != 0 ] || apt-get update -qq; } >&2 || true
  (cd "$work" && apt-get download -qq docker-compose "${modules[@]/#/python3-}") >&2 ||
    fail 'apt-get could not download docker-compose' 'check the network, or set DOCKER_COMPOSE'
  for package in "$work"/*.deb; do dpkg-deb -x "$package" "$folder"; done
  printf '#!/bin/sh\nPYTHONPATH="%s" exec python3 "%s" "$@"\n' "$folder/usr/lib/python3/dist-packages" "$folder/usr/bin/docker-compose" >"$program"
  chmod +x "$program"
}

if [ -n "${DOCKER_COMPOSE:-}" ]; then
  [ -x "$DOCKER_COMPOSE" ] || fail "DOCKER_COMPOSE=$DOCKER_COMPOSE is not a program" 'point it at docker-compose, or unset it'
  program=$DOCKER_COMPOSE
elif command -v docker-compose >/dev/null; then
  program=$(command -v docker-compose)
elif [ ! -x "$program" ]; then
  [ "${1:-}" != --check ] || fail 'docker-compose is not there' 'run test/servers/docker-compose.sh'
  unpack
fi
printf 'DOCKER_COMPOSE=%s\n' "$program"
