# What a newcomer needs to know once all is up. Sourced.
# shellcheck shell=bash

# print_out SECONDS DEMO_TRAFFIC
print_out() {
  local base=http://127.0.0.1:$CTI_HTTP_PORT password
  password=$(cat "$SECRETS_DIR/demo-user-password")
  cat >&3 <<TEXT

가온시 120 is up after $1 s.
${PORT_NOTES:+
$PORT_NOTES}
  Agent page     $base/
  API            $base/v1        health: $base/health/ready
  API docs       $base/docs      $base/openapi.json

  Sign in        password for all: $password
$(print_users)

  Place a call   register a softphone and dial 120:
                 server 127.0.0.1:$CTI_SIP_PORT (UDP), user 2001 … 2030, password $CTI_DEMO_SIP_PASSWORD
                 The agent with that device answers on the page and on this phone.
                 A citizen needs no registration: any SIP program on this machine may call
                 sip:120@127.0.0.1:$CTI_SIP_PORT   (From 01000000001: a citizen the centre knows)
$(print_traffic "$2")
  Centre file    $(print_centre_file)
  Data and logs  $CTI_HOME
  Stop           Ctrl-C (or: kill $$)
TEXT
}

print_traffic() {
  if [ "$1" = yes ]; then
    echo "  Demo traffic   citizens call and phones answer; log: $STATE_TRAFFIC/log"
  else
    echo "                 Without a phone: npm run up -- --demo-traffic lets citizens call and phones answer."
  fi
}

# What an operator types to bring a changed file into force.
print_centre_file() {
  echo "change it, then: CTI_PG_URL_FILE=$SECRETS_DIR/pg-url \\"
  echo "                 node $CTI_CHECKOUT/dist/src/cli/main.js apply ${CTI_CENTRE_FILE:-$CTI_CHECKOUT/config/gaon.yaml}"
}

print_users() {
  local file=${CTI_CENTRE_FILE:-$CTI_CHECKOUT/config/gaon.yaml}
  node "$CTI_CHECKOUT/scripts/lib/demo-users.mjs" "$file"
}
