#!/usr/bin/env bash
# asterisk-exec.sh ROOT CMD...: becomes CMD (for example `asterisk -C /cti/x/etc/asterisk/asterisk.conf -f`) inside
# the Asterisk root. The pid stays the same, so a signal to it reaches Asterisk, and the mounts end with it: they
# live in a mount namespace of its own. Works as root, and as somebody else by a user namespace.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
root=$1
shift

inside='
  mount --rbind /proc "$0/proc" 2>/dev/null || true
  hostname cti120-pbx 2>/dev/null || true
  exec chroot "$0" "$@"
'
flags=(--mount --uts)
[ "$(id -u)" = 0 ] || flags+=(--map-root-user)

# A group of the machine means nothing inside, and a clean environment keeps secrets of the caller out of the PBX.
clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}")

if unshare "${flags[@]}" true 2>/dev/null; then
  exec "${clean[@]}" unshare "${flags[@]}" sh -c "$inside" "$root" "$@"
fi
# No namespaces here (some containers): a plain chroot, which needs root.
if [ "$(id -u)" = 0 ]; then
  grep -qw "$(uname -n)" "$root/etc/hosts" || printf '127.0.0.1 %s\n' "$(uname -n)" >>"$root/etc/hosts"
  exec "${clean[@]}" chroot "$root" "$@"
fi
echo "asterisk-exec: this machine allows neither user namespaces nor root; run as root or with sudo" >&2
exit 1
