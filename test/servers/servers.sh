# For the scripts beside it: sourced, not run. `check` is true where nothing may be installed, built or downloaded.
# shellcheck shell=bash
me=${0##*/}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
check=false
case ${1:-} in
  '') ;;
  --check) check=true ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

say() { printf '%s: %s\n' "$me" "$*" >&2; }
fail() {
  printf '%s: %s\n  remedy: %s\n' "$me" "$1" "$2" >&2
  exit 1
}

# given VARIABLE: whether it is set to a program, which is used then; ends the script where it is set to something else
given() {
  [ -n "${!1:-}" ] || return 1
  [ -x "${!1}" ] || fail "$1=${!1} is not a program" "point $1 at one, or unset it"
}

# missing WHAT: ends the script with --check
missing() { if $check; then fail "$1 is not there" "run test/servers/$me"; fi; }

# install PACKAGE WHAT: Debian's package, as root only
install() {
  missing "$2"
  command -v apt-get >/dev/null || fail "$2 is not there, and there is no apt-get" "install $2 by hand"
  [ "$(id -u)" = 0 ] || fail "$2 is not there" "as root: apt-get install $1"
  say "installing Debian package $1"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; } >&2 ||
    fail "apt-get could not install $1" "install $2 by hand"
}

# need PROGRAM PACKAGE: installs the package where the program is not on the PATH
need() { command -v "$1" >/dev/null || install "$2" "$1"; }

# get WHAT TARGET MAKE: where TARGET is missing, runs the function MAKE in an empty folder, where it has to leave it as `made`. Two runs
# at once make it once, and its name appears only when it is whole.
get() {
  local what=$1 target=$2 make=$3 work
  if [ -e "$target" ]; then return; fi
  missing "$what"
  mkdir -p "$cache"
  exec 9>"$target.lock"
  flock 9
  if [ -e "$target" ]; then return; fi
  say "getting $what, which may take minutes"
  work=$(mktemp -d "$cache/$me.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this run
  trap "chmod -R u+w '$work'; rm -rf '$work'" EXIT
  (cd "$work" && "$make") >&2
  mv "$work/made" "$target"
}

# For a MAKE; each ends the script where it fails.

need_go() { command -v go >/dev/null || fail 'there is no go on the PATH' "install Go, or ${me%.sh} itself"; }

# go_program PACKAGE VERSION [LDFLAGS]: builds the program of a Go module as `made`
go_program() {
  need_go
  CGO_ENABLED=0 GOBIN=$PWD/bin GOWORK=off GOFLAGS=-trimpath nice -n 10 go install -ldflags "-s -w ${3:-}" "$1@$2" ||
    fail "go install of $1@$2 failed (its words are above)" 'check GOPROXY and the version of go'
  mv bin/* made
}

# unpack PACKAGE...: the files of Debian's packages as `made`; nothing is installed, no service started
unpack() {
  command -v apt-get >/dev/null || fail 'there is no apt-get' "install ${me%.sh} by hand"
  { [ "$(id -u)" != 0 ] || apt-get update -qq; } || true
  apt-get download -qq -o APT::Sandbox::User=root "$@" ||
    fail "apt-get could not download $*" "as root: apt-get update; or install ${me%.sh} by hand"
  for package in ./*.deb; do dpkg-deb -x "$package" made; done
}

# maven_jars FOLDER GROUP:ARTIFACT:VERSION...: the jars and what they need, from Maven Central
maven_jars() {
  local folder=$PWD/$1 one parts
  shift
  {
    printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
    printf '<groupId>auditveil.test</groupId><artifactId>server</artifactId><version>1</version><dependencies>\n'
    for one; do
      IFS=: read -ra parts <<<"$one"
      printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' "${parts[@]}"
    done
    printf '</dependencies></project>\n'
  } >pom.xml
  mvn -q -B dependency:copy-dependencies -DoutputDirectory="$folder" -DincludeScope=runtime ||
    fail "Maven could not get $*" 'check the network and the settings of Maven'
}
