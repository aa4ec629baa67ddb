#!/usr/bin/env bash
# prepare.sh (as root, for somebody who is not): the two things that need root, once: Debian packages and the Asterisk
# root. `npm run up` and `npm test` print the command when they cannot do it themselves.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common progress processes packages asterisk-root postgres; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done
is_root || { echo "run this with sudo" >&2; exit 1; }

# The cache stays the person's own; only the root inside it belongs to root.
cache_parent=$(dirname "$CTI_CACHE")
mkdir -p "$cache_parent"
[ -d "$CTI_CACHE" ] || install -d -o "${SUDO_UID:-0}" -g "${SUDO_GID:-0}" "$CTI_CACHE"

progress_start "$(mktemp -d "${TMPDIR:-/tmp}/cti120-prepare.XXXXXX")/log" 2
step "Programs" packages_ensure "${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}" "${PACKAGES_BENCH[@]}"
step "Asterisk 22 root (about 1 minute)" asterisk_root_ensure
chown "${SUDO_UID:-0}:${SUDO_GID:-0}" "$CTI_ASTERISK_ROOT.lock" 2>/dev/null
say "done; now npm run up or npm test as yourself"
