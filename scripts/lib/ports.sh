# Chooses ports that nobody else has. Sourced.
# shellcheck shell=bash

# ports_busy: every local port in use, TCP listening and UDP bound, one a line, from the kernel's own tables.
ports_busy() {
  local file
  for file in tcp tcp6; do
    [ -r "/proc/net/$file" ] && awk 'NR > 1 && $4 == "0A" { print $2 }' "/proc/net/$file"
  done | port_hex_to_decimal
  for file in udp udp6; do
    [ -r "/proc/net/$file" ] && awk 'NR > 1 { print $2 }' "/proc/net/$file"
  done | port_hex_to_decimal
}

port_hex_to_decimal() {
  local address
  while read -r address; do echo $((16#${address##*:})); done
}

# All lines are read before looking: a reader that leaves early would end the pipe with an error under pipefail.
port_free() {
  local busy
  busy=$(ports_busy)
  [[ $'\n'$busy$'\n' != *$'\n'"$1"$'\n'* ]]
}

# port_choose VARIABLE DEFAULT WHAT: keeps what the person set, else the default or the next free one, and says so.
port_choose() {
  local variable=$1 port=$2 what=$3 taken
  if [ -n "${!variable:-}" ]; then
    port_free "${!variable}" || {
      fail_hint "$variable=${!variable} is taken by another program; choose another $variable or leave it out"
      return 1
    }
    export "${variable?}"
    return 0
  fi
  taken=" ${PORTS_CHOSEN:-} "
  while ! port_free "$port" || [[ $taken == *" $port "* ]]; do port=$((port + 1)); done
  [ "$port" = "$2" ] || PORT_NOTES="${PORT_NOTES:-}  $what: port $2 is taken, using $port (set $variable to choose)
"
  PORTS_CHOSEN="${PORTS_CHOSEN:-} $port"
  export "$variable=$port"
}

# port_any VARIABLE: a random free port for throw-away services, below the range that the kernel gives to clients.
port_any() {
  local port
  while :; do
    port=$((23000 + RANDOM % 9000))
    port_free "$port" && [[ " ${PORTS_CHOSEN:-} " != *" $port "* ]] && break
  done
  PORTS_CHOSEN="${PORTS_CHOSEN:-} $port"
  export "$1=$port"
}
