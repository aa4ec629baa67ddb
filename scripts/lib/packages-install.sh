#!/usr/bin/env bash
# packages-install.sh PACKAGE... (as root): apt-get install that starts no daemon. Redis and PostgreSQL would start
# themselves as services of the machine; we only want their programs, and run our own with our own data.
set -uo pipefail
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
saved=$policy.before-cti120
mark='# cti120: no daemon starts during this installation'

exec 7>/run/cti120-packages.lock
flock 7

restore() {
  grep -qsF "$mark" "$policy" && rm -f "$policy"
  [ ! -e "$saved" ] || mv "$saved" "$policy"
}
# A killed earlier run may have left its own behind.
restore
trap restore EXIT
trap 'exit 1' INT TERM HUP
[ ! -e "$policy" ] || mv "$policy" "$saved"
printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
chmod 755 "$policy"

# Services that this installation brings shall not start at the next boot either; those that were there are left alone.
fresh=()
for unit in redis-server.service postgresql.service; do
  [ -e "/lib/systemd/system/$unit" ] || fresh+=("$unit")
done

install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null; }
install "$@" || { apt-get update -o DPkg::Lock::Timeout=300 && install "$@"; } || exit 1

for unit in "${fresh[@]}"; do
  update-rc.d "${unit%.service}" disable
  if command -v systemctl >/dev/null; then systemctl disable "$unit"; else deb-systemd-helper disable "$unit"; fi
done 2>/dev/null
exit 0
