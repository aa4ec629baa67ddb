# Makes the Asterisk 22 root (a small Debian sid with asterisk) once and keeps it in the cache. Sourced.
# Debian 12 has no Asterisk of its own; sid has 22. Nothing of the machine is changed.
# shellcheck shell=bash

CTI_ASTERISK_ROOT=${CTI_ASTERISK_ROOT:-$CTI_CACHE/asterisk-22-root}
export CTI_ASTERISK_ROOT
ASTERISK_ROOT_STAMP=$CTI_ASTERISK_ROOT/.cti120-root

asterisk_root_ready() { [ -s "$ASTERISK_ROOT_STAMP" ] && [ -x "$CTI_ASTERISK_ROOT/usr/sbin/asterisk" ]; }

# The mirror this machine itself uses, so that no host name stands here; empty = debootstrap's own default.
asterisk_root_mirror() {
  if [ -n "${CTI_DEBIAN_MIRROR:-}" ]; then
    echo "$CTI_DEBIAN_MIRROR"
    return
  fi
  apt-get indextargets --format '$(REPO_URI) $(ORIGIN)/$(LABEL)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 == "Debian/Debian" && $1 ~ /^https?:/ { print $1; exit }'
}

asterisk_root_proxy() {
  local proxy
  proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy 2>/dev/null | head -n 1)
  if [ -n "$proxy" ] && [ -z "${http_proxy:-}" ]; then export http_proxy=$proxy; fi
}

asterisk_root_build() {
  local building=$CTI_ASTERISK_ROOT.tmp mirror
  can_be_root || {
    fail_hint "$(prepare_command)"
    return 1
  }
  # A killed earlier build may have left mounts behind; never delete through them.
  as_root umount -l "$building/proc" "$building/sys" 2>/dev/null
  as_root rm -rf --one-file-system "$building" || return 1
  mirror=$(asterisk_root_mirror)
  asterisk_root_proxy
  # shellcheck disable=SC2086 # an empty mirror must vanish, so that debootstrap takes its default
  as_root env ${http_proxy:+http_proxy="$http_proxy"} debootstrap --variant=minbase --include=asterisk sid "$building" $mirror || {
    fail_hint "see the log; a mirror can be named with CTI_DEBIAN_MIRROR"
    tail -n 5 "$building/debootstrap/debootstrap.log" 2>/dev/null
    return 1
  }
  as_root bash "$CTI_CHECKOUT/scripts/lib/asterisk-root-finish.sh" "$building" || return 1
  as_root umount -l "$building/proc" "$building/sys" 2>/dev/null
  as_root rm -rf --one-file-system "$CTI_ASTERISK_ROOT"
  as_root mv "$building" "$CTI_ASTERISK_ROOT"
}

# asterisk_root_ensure: safe when two runs start at once; the second waits for the first one's root.
asterisk_root_ensure() {
  asterisk_root_ready && return 0
  mkdir -p "$(dirname "$CTI_ASTERISK_ROOT")"
  exec 8>"$CTI_ASTERISK_ROOT.lock"
  flock 8
  local status=0
  asterisk_root_ready || asterisk_root_build || status=1
  exec 8>&-
  return "$status"
}
