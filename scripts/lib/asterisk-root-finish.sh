#!/usr/bin/env bash
# asterisk-root-finish.sh DIR (as root): what debootstrap leaves to do, and the stamp that says the root is complete.
set -euo pipefail
root=$1
asterisk_id=60720

# A name that does not resolve stalls PJSIP for seconds: only the hosts file, with the name that
# asterisk-exec.sh gives this PBX.
printf '127.0.0.1 localhost cti120-pbx %s\n' "$(uname -n)" >"$root/etc/hosts"
printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
: >"$root/etc/resolv.conf"

for node in "null 1 3" "zero 1 5" "random 1 8" "urandom 1 9"; do
  read -r name major minor <<<"$node"
  [ -c "$root/dev/$name" ] || mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done

# The number that the package chose may belong to somebody on this machine, who could then signal and trace the PBX.
old=$(chroot "$root" id -u asterisk)
if [ "$old" != "$asterisk_id" ]; then
  chroot "$root" groupmod -g "$asterisk_id" asterisk
  chroot "$root" usermod -u "$asterisk_id" asterisk
  find "$root/var" "$root/etc" -xdev -uid "$old" -exec chown -h "$asterisk_id:$asterisk_id" {} +
fi

# Every Asterisk instance has its own folder below /cti; whoever runs one may make it.
install -d -m 1777 "$root/cti"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*

version=$(chroot "$root" asterisk -V)
major=${version#Asterisk }
major=${major%%.*}
[ "$major" -ge 22 ] || { echo "this is $version, at least 22 is needed" >&2; exit 1; }
echo "$version" >"$root/.cti120-root"
