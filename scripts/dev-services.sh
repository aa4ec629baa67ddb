#!/usr/bin/env bash
# dev-services.sh start|stop|status: the throw-away Redis and PostgreSQL of the test suites, kept running so that single
# tests can be run by hand. Prints the file to source: `. FILE; npx tap run dist/test/unit/foo.test.js`.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common progress processes ports secrets packages asterisk-root redis postgres test-services; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

dir=${CTI_DEV_DIR:-${TMPDIR:-/tmp}/cti120-dev-$(id -u)}

case "${1:-}" in
  start)
    install -d -m 711 "$dir"
    progress_start "$dir/log" 3
    step "Checking packages" packages_ensure "${PACKAGES_RUN[@]}"
    step "Asterisk 22 root (once, about 1 minute)" asterisk_root_ensure
    step "Starting Redis and PostgreSQL" test_services_start "$dir"
    say "source this: $dir/services.env"
    ;;
  stop)
    test_services_stop "$dir"
    ;;
  status)
    process_alive "$dir/redis/pid" && process_alive "$dir/postgres/pid" && echo "running; source $dir/services.env"
    ;;
  *)
    echo "usage: dev-services.sh start|stop|status" >&2
    exit 2
    ;;
esac
