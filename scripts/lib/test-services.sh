# The throw-away services that the suites run against, and the CTI_TEST_* contract. Sourced.
# shellcheck shell=bash

# test_services_start DIR: fresh Redis and PostgreSQL on free ports; exports the contract and writes it to
# DIR/services.env.
test_services_start() {
  local dir=$1 password
  test_services_stop "$dir"
  rm -rf "$dir/redis" "$dir/scratch"
  install -d -m 1777 "$dir/scratch"
  SECRETS_DIR=$dir/secrets
  password=$(secret pg-password)
  port_any CTI_TEST_REDIS_PORT
  port_any CTI_TEST_PG_PORT
  redis_start "$dir/redis" "$CTI_TEST_REDIS_PORT" || return 1
  postgres_start "$dir/postgres" "$CTI_TEST_PG_PORT" "$password" fast || return 1
  export CTI_TEST_REDIS_URL=redis://127.0.0.1:$CTI_TEST_REDIS_PORT
  export CTI_TEST_PG_URL=postgres://cti:$password@127.0.0.1:$CTI_TEST_PG_PORT/postgres
  CTI_REDIS_SERVER=$(redis_binary)
  CTI_PG_BIN=$(postgres_bin)
  export CTI_REDIS_SERVER CTI_PG_BIN
  export CTI_TEST_DIR=$dir/scratch
  local name
  (
    umask 077
    for name in CTI_TEST_REDIS_URL CTI_TEST_PG_URL CTI_ASTERISK_ROOT CTI_REDIS_SERVER CTI_PG_BIN CTI_TEST_DIR; do
      printf 'export %s=%q\n' "$name" "${!name}"
    done >"$dir/services.env"
  )
}

test_services_stop() {
  redis_stop "$1/redis"
  postgres_stop "$1/postgres"
}

# test_template_make: the migrated database that each test file copies. Needs the build.
test_template_make() {
  local url=${CTI_TEST_PG_URL%/postgres}
  "$CTI_PG_BIN/psql" -q "$CTI_TEST_PG_URL" -c 'DROP DATABASE IF EXISTS cti_template' -c 'CREATE DATABASE cti_template' &&
    CTI_PG_URL=$url/cti_template node "$CTI_CHECKOUT/dist/src/cli/main.js" migrate && return 0
  fail_hint "the database could not be migrated (see the log)"
  return 1
}
