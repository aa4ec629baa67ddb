# A private Redis with its append-only file on, on loopback. Sourced.
# shellcheck shell=bash

redis_binary() { command -v redis-server; }

# redis_start DIR PORT: data and log in DIR.
redis_start() {
  local dir=$1 port=$2
  mkdir -p "$dir"
  process_stop "$dir/pid"
  process_start "$dir/pid" "$dir/log" "$(redis_binary)" \
    --bind 127.0.0.1 --port "$port" --dir "$dir" --daemonize no --protected-mode yes \
    --appendonly yes --appendfsync everysec --save "" --maxmemory-policy noeviction
  try_for 60 process_answers_redis "$dir/pid" "$port" && return 0
  tail -n 20 "$dir/log"
  return 1
}

# Listening is not enough: while the append-only file is read it answers LOADING.
process_answers_redis() {
  local answer
  process_alive "$1" || return 2
  exec 5<>"/dev/tcp/127.0.0.1/$2" || return 1
  printf 'PING\r\n' >&5
  read -r -t 2 answer <&5
  exec 5>&-
  [ "${answer%$'\r'}" = +PONG ]
} 2>/dev/null

redis_stop() { process_stop "$1/pid"; }
