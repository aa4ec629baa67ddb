# The database's tables and the centre file. Sourced.
# shellcheck shell=bash

services_prepare() { services_ports && services_environment; }

services_database() {
  services_postgres || return 1
  node "$CTI_CHECKOUT/dist/src/cli/main.js" migrate || {
    fail_hint "the database could not be brought up to date (see the log)"
    return 1
  }
}

# centre_apply: the same command an operator uses; it changes only what differs.
centre_apply() {
  local file=${CTI_CENTRE_FILE:-$CTI_CHECKOUT/config/gaon.yaml}
  node "$CTI_CHECKOUT/dist/src/cli/main.js" apply "$file" --yes \
    --initial-password-file "$SECRETS_DIR/demo-user-password" && return 0
  fail_hint "the centre file $file was refused; the log says where and why"
  return 1
}

# centre_people: invented citizens, so that the first screen pop shows somebody. The demo centre only; a second time changes nothing.
centre_people() {
  [ -z "${CTI_CENTRE_FILE:-}" ] || return 0
  node "$CTI_CHECKOUT/dist/src/cli/main.js" seed-demo && return 0
  fail_hint "the demo's citizens could not be loaded (see the log)"
  return 1
}
