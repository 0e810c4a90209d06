# For the scripts beside it: sourced, not run. `me` names the script; `check` is true where nothing may be installed or built.
# shellcheck shell=bash
cache=${XDG_CACHE_HOME:-$HOME/.cache}/auditveil
check=false
case ${1:-} in
  '') ;;
  --check) check=true ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" | sed '$d'; exit 2 ;;
esac

say() { printf '%s: %s\n' "$me" "$*" >&2; }
fail() {
  printf '%s: %s\n  remedy: %s\n' "$me" "$1" "$2" >&2
  exit 1
}

# install PACKAGE WHAT: Debian's package, as root only
install() {
  if $check; then fail "$2 is not there" "run test/servers/$me"; fi
  command -v apt-get >/dev/null || fail "$2 is not there, and there is no apt-get" "install $2 by hand"
  [ "$(id -u)" = 0 ] || fail "$2 is not there" "as root: apt-get install $1"
  say "installing Debian package $1"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; } >&2 ||
    fail "apt-get could not install $1" "install $2 by hand"
}
