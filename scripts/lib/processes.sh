# Starts and stops processes by their own pid, never by name. Sourced.
# A pid file holds "pid starttime", so that a pid that was given to somebody else meanwhile is left alone.
# shellcheck shell=bash

# Field 22 of /proc/PID/stat, counted after the command name, which may hold spaces.
process_start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  echo "${20}"
}

# process_alive PIDFILE: true when the very process that we started still runs.
process_alive() {
  local pid began
  [ -s "$1" ] || return 1
  read -r pid began <"$1"
  [ -n "$began" ] && [ "$(process_start_time "$pid")" = "$began" ] && [ "$(process_state "$pid")" != Z ]
}

process_state() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  echo "${stat%% *}"
}

# process_start PIDFILE LOGFILE CMD...: in a session of its own, so that Ctrl-C reaches it only through us, in order.
process_start() {
  local pidfile=$1 log=$2 pid
  shift 2
  setsid "$@" </dev/null >>"$log" 2>&1 3>&- 8>&- 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(process_start_time "$pid")" >"$pidfile"
}

# process_stop PIDFILE [SIGNAL [SECONDS]]: asks, waits, and insists; ours only.
process_stop() {
  local pidfile=$1 signal=${2:-TERM} patience=${3:-15} pid
  if process_alive "$pidfile"; then
    read -r pid _ <"$pidfile"
    kill -s "$signal" "$pid" 2>/dev/null
    try_for "$patience" process_gone "$pidfile" || kill -s KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  fi
  rm -f "$pidfile"
}

process_gone() { ! process_alive "$1"; }
