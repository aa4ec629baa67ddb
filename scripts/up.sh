#!/usr/bin/env bash
# npm run up [-- --demo-traffic]: everything on this machine, from nothing to a running centre. Ctrl-C stops what this
# started and nothing else. Data, secrets and logs stay in CTI_HOME; the Asterisk root and prompts in CTI_CACHE.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common progress processes ports secrets packages asterisk-root install redis postgres asterisk services \
  centre print-out; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

demo_traffic=no
for argument in "$@"; do
  case $argument in
    --demo-traffic) demo_traffic=yes ;;
    *)
      echo "usage: npm run up [-- --demo-traffic]" >&2
      exit 2
      ;;
  esac
done

stopped=no
stop_all() {
  local status=$?
  trap '' INT TERM HUP
  [ "$stopped" = no ] || exit "$status"
  stopped=yes
  if [ "${SERVICES_OWNED:-no}" = yes ]; then
    printf '\nStopping … ' >&3
    services_stop
    rm -f "$CTI_HOME/up.pid"
    say "stopped. Data and logs are in $CTI_HOME"
  fi
  exit "$status"
}
trap stop_all EXIT
trap 'exit 0' INT TERM HUP

began=$SECONDS
steps=12
[ "$demo_traffic" = no ] || steps=13
umask 077
mkdir -p "$CTI_HOME" && [ -w "$CTI_HOME" ] || {
  echo "cannot write to the state folder $CTI_HOME; name another with CTI_HOME" >&2
  exit 1
}
progress_start "$CTI_HOME/up.log" "$steps"
umask 022

step "Taking the state folder" services_own
step "Programs (Redis, PostgreSQL, …; installed when missing)" packages_ensure "${PACKAGES_RUN[@]}"
step "Asterisk 22 root (once, about 1 minute)" asterisk_root_ensure
step "npm packages (once, about 1 minute)" npm_install
step "Build" build
step "Ports and secrets" services_prepare
step "Redis" services_redis
step "PostgreSQL and its tables" services_database
step "Centre file ${CTI_CENTRE_FILE:-config/gaon.yaml}" centre_apply
step "Demo citizens" centre_people
step "Asterisk (the first time speaks the prompts)" services_asterisk
step "Server" services_server
[ "$demo_traffic" = no ] || step "Demo traffic" services_traffic

print_out "$((SECONDS - began))" "$demo_traffic"

# `wait` returns at once when a signal comes. A service that ends by itself ends the whole; the demo traffic may end.
while wait -n; [ "$?" != 127 ]; do
  for name in server asterisk redis postgres; do
    process_alive "$CTI_HOME/$name/pid" && continue
    say ""
    say "$name stopped by itself. The end of its log ($CTI_HOME/$name/log):"
    tail -n 15 "$CTI_HOME/$name/log" | sed 's/^/    /' >&3
    exit 1
  done
done
