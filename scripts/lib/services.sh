# The private services of `npm run up`, their ports, secrets and state. Sourced.
# shellcheck shell=bash

STATE_REDIS=$CTI_HOME/redis
STATE_PG=$CTI_HOME/postgres
STATE_ASTERISK=$CTI_HOME/asterisk
STATE_SERVER=$CTI_HOME/server
STATE_TRAFFIC=$CTI_HOME/demo-traffic
SECRETS_DIR=$CTI_HOME/secrets
# Two homes on one machine share the root, but never an instance in it.
ASTERISK_INSTANCE=up-$(printf %s "$CTI_HOME" | sha256sum | cut -c1-8)

# services_own: one `up` for each state folder; stops what a killed earlier one left behind.
services_own() {
  install -d -m 700 "$CTI_HOME" || return 1
  exec 9>>"$CTI_HOME/lock"
  flock -n 9 || {
    fail_hint "cti120 already runs from $CTI_HOME (pid $(cat "$CTI_HOME/up.pid" 2>/dev/null)); stop it there with Ctrl-C,
    or start a second one with another CTI_HOME"
    return 1
  }
  echo $$ >"$CTI_HOME/up.pid"
  SERVICES_OWNED=yes
  services_stop
}

services_ports() {
  port_choose CTI_HTTP_PORT 8120 "API and pages" &&
    port_choose CTI_SIP_PORT 5120 "SIP" &&
    port_choose CTI_ARI_PORT 8121 "ARI" &&
    port_choose CTI_AMI_PORT 5121 "AMI" &&
    port_choose CTI_REDIS_PORT 6120 "Redis" &&
    port_choose CTI_PG_PORT 5520 "PostgreSQL"
}

# services_environment: all that Asterisk's rendering and the server read from the environment.
services_environment() {
  export CTI_NODE=${CTI_NODE:-node1} CTI_CENTRE=${CTI_CENTRE:-gaon}
  export CTI_HTTP_HOST=${CTI_HTTP_HOST:-127.0.0.1} CTI_SIP_HOST=${CTI_SIP_HOST:-127.0.0.1}
  export CTI_REDIS_URL=redis://127.0.0.1:$CTI_REDIS_PORT
  export CTI_PG_URL CTI_JWT_SECRET CTI_DATA_KEY CTI_INDEX_KEY CTI_ARI_PASSWORD CTI_AMI_PASSWORD CTI_DEMO_SIP_PASSWORD
  export CTI_ARI_URL=http://127.0.0.1:$CTI_ARI_PORT CTI_ARI_USER=cti
  export CTI_AMI_HOST=127.0.0.1 CTI_AMI_USER=cti
  CTI_PG_URL=postgres://cti:$(secret pg-password)@127.0.0.1:$CTI_PG_PORT/cti120
  CTI_JWT_SECRET=$(secret jwt-secret 48)
  CTI_DATA_KEY=$(secret data-key 32)
  CTI_INDEX_KEY=$(secret index-key 32)
  CTI_ARI_PASSWORD=$(secret ari-password)
  CTI_AMI_PASSWORD=$(secret ami-password)
  CTI_DEMO_SIP_PASSWORD=$(secret demo-sip-password 8)
  secret demo-user-password 6 >/dev/null
  # Recordings: what Asterisk writes in its root is finished into the data folder.
  local key
  key=$(printf '%b' "$(secret recording-key 32 | sed 's/../\\x&/g')" | base64 -w 0)
  export CTI_RECORDING_KEY=${CTI_RECORDING_KEY:-up:$key}
  export CTI_RECORDING_SPOOL=$CTI_ASTERISK_ROOT/cti/$ASTERISK_INSTANCE/var/spool/monitor/cti
  [ -n "${CTI_RECORDING_S3_URL:-}" ] || export CTI_RECORDING_DIR=${CTI_RECORDING_DIR:-$CTI_HOME/recordings}
  # For cti120 on the command line: CTI_PG_URL_FILE keeps the password out of the shell's history.
  (umask 077 && printf '%s\n' "$CTI_PG_URL" >"$SECRETS_DIR/pg-url")
}

services_redis() { redis_start "$STATE_REDIS" "$CTI_REDIS_PORT"; }

services_postgres() {
  postgres_start "$STATE_PG" "$CTI_PG_PORT" "$(secret pg-password)" || return 1
  local psql=("$(postgres_bin)/psql" -q -v ON_ERROR_STOP=1 "${CTI_PG_URL%/cti120}/postgres" -At)
  [ "$("${psql[@]}" -c "SELECT 1 FROM pg_database WHERE datname = 'cti120'")" = 1 ] ||
    "${psql[@]}" -c 'CREATE DATABASE cti120'
}

services_asterisk() { asterisk_start "$ASTERISK_INSTANCE" "$STATE_ASTERISK"; }

services_server() {
  mkdir -p "$STATE_SERVER"
  process_start "$STATE_SERVER/pid" "$STATE_SERVER/log" node --enable-source-maps --max-semi-space-size=64 "$CTI_CHECKOUT/dist/src/main.js"
  try_for 180 server_ready && return 0
  tail -n 20 "$STATE_SERVER/log"
  fail_hint "the server did not become ready; its log: $STATE_SERVER/log"
  return 1
}

# One line of Node each time would be slow to poll; the shell's own sockets do.
server_ready() {
  local status
  process_alive "$STATE_SERVER/pid" || return 2
  exec 5<>"/dev/tcp/127.0.0.1/$CTI_HTTP_PORT" || return 1
  printf 'GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$CTI_HTTP_PORT" >&5
  read -r -t 5 _ status _ <&5
  exec 5>&-
  [ "$status" = 200 ]
} 2>/dev/null

services_traffic() {
  mkdir -p "$STATE_TRAFFIC"
  process_start "$STATE_TRAFFIC/pid" "$STATE_TRAFFIC/log" \
    node --enable-source-maps "$CTI_CHECKOUT/dist/scripts/demo-traffic.js"
}

# services_stop: in the order that loses nothing: callers, the server (it writes what it holds), then what it writes to.
services_stop() {
  process_stop "$STATE_TRAFFIC/pid"
  process_stop "$STATE_SERVER/pid" TERM 30
  asterisk_stop "$STATE_ASTERISK"
  redis_stop "$STATE_REDIS"
  postgres_stop "$STATE_PG"
}
