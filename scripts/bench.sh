#!/usr/bin/env bash
# npm run bench:NAME [-- --json FILE …]: runs dist/bench/NAME.js against throw-away services like those of `npm test`.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common progress processes ports secrets packages asterisk-root install redis postgres test-services checks; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

name=${1:-}
[[ $name =~ ^[a-z][a-z-]*$ && -s $CTI_CHECKOUT/bench/$name.ts ]] || {
  echo "usage: bench.sh NAME [--json FILE …]; there are: $(cd "$CTI_CHECKOUT/bench" && ls -- *.ts | sed 's/\.ts$//' | tr '\n' ' ')" >&2
  exit 2
}
shift

RUN_DIR=$(mktemp -d "${TMPDIR:-/tmp}/cti120-bench.XXXXXX")
chmod 711 "$RUN_DIR"
clean_up() {
  local status=$?
  trap '' INT TERM HUP
  test_services_stop "$RUN_DIR"
  if [ "$status" = 0 ]; then rm -rf "$RUN_DIR"; else echo "logs kept in $RUN_DIR" >&2; fi
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

progress_start "$RUN_DIR/log" 5
step "Programs (installed when missing)" packages_ensure "${PACKAGES_RUN[@]}" "${PACKAGES_BENCH[@]}"
step "Asterisk 22 root (once, about 1 minute)" asterisk_root_ensure
step "npm packages (once, about 1 minute)" npm_install
step "Build" build
step "Throw-away services" test_world

# Where the person stands is where a relative --json FILE belongs, so the folder is not changed.
node --enable-source-maps "$CTI_CHECKOUT/dist/bench/$name.js" "$@"
