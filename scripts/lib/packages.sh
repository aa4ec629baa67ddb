# Finds the programs that are needed and installs the Debian packages of those that are missing. Sourced.
# shellcheck shell=bash

# program:package
PACKAGES_RUN=(redis-server:redis-server @postgres:postgresql espeak-ng:espeak-ng sox:sox openssl:openssl
  flock:util-linux setpriv:util-linux unshare:util-linux mount:mount ps:procps sipp:sip-tester @debootstrap:debootstrap)
PACKAGES_TEST=(chromium:chromium @cjk:fonts-noto-cjk baresip:baresip-core)
PACKAGES_BENCH=(tcpdump:tcpdump)

package_present() {
  case $1 in
    @postgres) [ -n "$(postgres_bin)" ] ;;
    @debootstrap) asterisk_root_ready || command -v debootstrap >/dev/null ;;
    @cjk) [ -n "$(find /usr/share/fonts -iname 'Noto*CJK*' -print -quit 2>/dev/null)" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# packages_missing PAIR...: the packages to install, on one line.
packages_missing() {
  local pair
  for pair in "$@"; do
    package_present "${pair%%:*}" || echo "${pair##*:}"
  done | sort -u | tr '\n' ' '
}

# prepare_command: the one command for somebody who may not be root.
prepare_command() {
  printf "run this one command, then try again:\n    sudo CTI_CACHE='%s' bash '%s'" "$CTI_CACHE" "$CTI_CHECKOUT/scripts/prepare.sh"
}

# packages_ensure PAIR...: installs what is missing; without the right to do so says the one command.
packages_ensure() {
  local missing
  missing=$(packages_missing "$@")
  [ -n "${missing// /}" ] || return 0
  command -v apt-get >/dev/null || {
    fail_hint "this is no Debian: install the programs of these packages by hand: $missing"
    return 1
  }
  can_be_root || {
    echo "missing: $missing"
    fail_hint "$(prepare_command)"
    return 1
  }
  as_root bash "$CTI_CHECKOUT/scripts/lib/packages-install.sh" $missing || {
    fail_hint "apt-get could not install: $missing(the log says why)"
    return 1
  }
  missing=$(packages_missing "$@")
  [ -z "${missing// /}" ] || { echo "still missing after the installation: $missing"; return 1; }
}
