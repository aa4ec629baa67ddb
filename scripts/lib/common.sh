# Paths and small words shared by up.sh, test.sh, bench.sh and dev-services.sh. Sourced, never run.
# shellcheck shell=bash

CTI_CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CTI_HOME=${CTI_HOME:-${HOME:-/root}/.local/state/cti120}
CTI_CACHE=${CTI_CACHE:-${HOME:-/root}/.cache/cti120}
# debootstrap, chroot and friends live in sbin, which is not in everyone's PATH.
PATH=$PATH:/usr/sbin:/sbin
export CTI_CHECKOUT CTI_HOME CTI_CACHE PATH

is_root() { [ "$(id -u)" = 0 ]; }

# as_root CMD...: runs a command as root, by sudo without a password question when we are somebody else.
as_root() {
  if is_root; then "$@"; else sudo -n -- "$@"; fi
}

can_be_root() {
  is_root || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

say() { printf '%s\n' "$*" >&3; }

# fail_hint TEXT: what the person should do; shown under the failed step.
fail_hint() { STEP_HINT="$*"; }

# try_for SECONDS CMD...: polls a condition until it holds; 1 when the time is over, or when it says with 2 that it
# never will.
try_for() {
  local deadline=$((SECONDS + $1)) status
  shift
  while :; do
    "$@"
    status=$?
    [ "$status" != 0 ] || return 0
    [ "$status" != 2 ] && [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# Descriptor 3 is the person; 1 and 2 go to the log inside a step.
exec 3>&1
