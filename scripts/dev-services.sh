#!/usr/bin/env bash
# dev-services.sh start|stop|status: the throw-away Redis and PostgreSQL of the test suites, kept running so that single
# tests can be run by hand. Prints the file to source: `. FILE; npx tap run dist/test/unit/foo.test.js`.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common progress processes ports secrets packages asterisk-root install redis postgres \
  test-services checks; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

dir=${CTI_DEV_DIR:-${TMPDIR:-/tmp}/cti120-dev-$(id -u)}

case "${1:-}" in
  start)
    install -d -m 711 "$dir"
    progress_start "$dir/log" 6
    step "Programs (installed when missing)" packages_ensure "${PACKAGES_RUN[@]}"
    step "Asterisk 22 root (once, about 1 minute)" asterisk_root_ensure
    step "npm packages (once, about 1 minute)" npm_install
    step "Redis and PostgreSQL" test_services_start "$dir"
    # With errors in the build the services are of use all the same; `start` again makes the template later.
    if step_try "Build" build; then step "Migrated template database and prompts" test_world_fill; fi
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
