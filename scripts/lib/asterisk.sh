# Runs one Asterisk from the cached root. Sourced.
# shellcheck shell=bash

# asterisk_start NAME DIR: renders the configuration from CTI_* into the root's /cti/NAME and starts it; pid and log in
# DIR. Returns when Asterisk says that it is fully booted.
asterisk_start() {
  local name=$1 dir=$2 out=$CTI_ASTERISK_ROOT/cti/$1 conf
  mkdir -p "$dir"
  process_stop "$dir/pid" TERM 10
  asterisk_sounds || return 1
  conf=$(asterisk_render "$name" "$out") || {
    fail_hint "the configuration of Asterisk could not be rendered (see the log)"
    return 1
  }
  conf=${conf##*$'\n'}
  # The control socket of a killed run would look alive.
  rm -f "$out"/var/run/asterisk.*
  process_start "$dir/pid" "$dir/log" \
    "$CTI_CHECKOUT/scripts/lib/asterisk-exec.sh" "$CTI_ASTERISK_ROOT" asterisk -C "$conf" -f
  try_for 60 asterisk_booted "$dir/pid" "$conf" && return 0
  tail -n 20 "$dir/log" "$out"/var/log/*
  return 1
}

asterisk_sounds() { bash "$CTI_CHECKOUT/asterisk/sounds/ko/make-prompts.sh" "$CTI_CACHE/sounds"; }

# As root, Asterisk gives up its rights for those of the package's own user inside the root.
asterisk_render() {
  local user="" owner=""
  if is_root; then
    user=asterisk
    owner=$(awk -F: '$1 == "asterisk" { print $3 ":" $4 }' "$CTI_ASTERISK_ROOT/etc/passwd")
  fi
  CTI_AST_PREFIX=/cti/$1 CTI_AST_USER=$user CTI_AST_OWNER=$owner sh "$CTI_CHECKOUT/asterisk/render.sh" "$2"
}

asterisk_booted() {
  process_alive "$1" || return 2
  timeout 10 "$CTI_CHECKOUT/scripts/lib/asterisk-exec.sh" "$CTI_ASTERISK_ROOT" \
    asterisk -C "$2" -rx "core waitfullybooted" || return 1
}

asterisk_stop() { process_stop "$1/pid" TERM 10; }
