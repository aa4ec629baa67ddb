# A private PostgreSQL on loopback with a password, beside any that is installed. Sourced.
# shellcheck shell=bash

# Folder of the newest PostgreSQL's programs.
postgres_bin() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5,5n | tail -n 1)
  if [ -n "$found" ] && [ -x "$found/initdb" ]; then
    echo "$found"
  else
    found=$(command -v initdb) && dirname "$(readlink -f "$found")"
  fi
}

# PostgreSQL refuses to run as root, so root lends it the package's own user.
postgres_as_user() {
  if is_root; then
    (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all -- "$@")
  else
    "$@"
  fi
}

# postgres_data_dir DIR: the folder for data that is wanted at DIR. Root's home is closed to the user postgres; then the
# data lie in /var/lib/cti120, and a link stands at DIR.
postgres_data_dir() {
  local dir=$1 real
  mkdir -p "$(dirname "$dir")"
  if ! is_root || setpriv --reuid=postgres --regid=postgres --init-groups test -x "$(dirname "$dir")"; then
    echo "$dir"
    return
  fi
  real=/var/lib/cti120/$(printf %s "$dir" | sha256sum | cut -c1-12)
  install -d -m 755 /var/lib/cti120
  if [ ! -L "$dir" ]; then
    # The state folder was deleted, and the password with it: keep those data, start anew.
    [ ! -e "$real" ] || mv "$real" "$real.before-$(date +%Y%m%d%H%M%S)"
    ln -s "$real" "$dir"
  fi
  echo "$real"
}

# postgres_start DIR PORT PASSWORD [fast]: `fast` is for throw-away data only.
postgres_start() {
  local dir=$1 port=$2 password=$3 bin data log
  local options=(-c listen_addresses=127.0.0.1 -p "$port" -c unix_socket_directories= -c max_connections=300
    -c timezone=UTC -c log_timezone=UTC -c log_min_error_statement=panic)
  [ "${4:-}" != fast ] || options+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
  bin=$(postgres_bin)
  data=$(postgres_data_dir "$dir/data") || return 1
  log=$dir/log
  mkdir -p "$dir"
  process_stop "$dir/pid" INT 30
  if [ ! -s "$data/PG_VERSION" ]; then postgres_init "$bin" "$data" "$password" "${4:-}" || return 1; fi
  postgres_version_fits "$bin" "$data" || return 1
  # A killed run leaves this; nobody can be using the data, as we hold the lock of the state folder.
  rm -f "$data/postmaster.pid"
  if is_root; then
    process_start "$dir/pid" "$log" setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all -- \
      env -C "$data" "$bin/postgres" -D "$data" "${options[@]}"
  else
    process_start "$dir/pid" "$log" "$bin/postgres" -D "$data" "${options[@]}"
  fi
  try_for 60 postgres_ready "$dir/pid" "$bin" "$port" && return 0
  tail -n 20 "$log"
  return 1
}

postgres_init() {
  local bin=$1 data=$2 password=$3 file sync=()
  [ "${4:-}" != fast ] || sync=(--no-sync)
  file=$(mktemp)
  printf '%s\n' "$password" >"$file"
  if is_root; then
    chown postgres "$file"
    install -d -m 700 -o postgres -g postgres "$data"
  fi
  # A half-made cluster of a killed run is thrown away: it never held anything.
  postgres_as_user find "$data" -mindepth 1 -delete 2>/dev/null
  postgres_as_user "$bin/initdb" -D "$data" -U cti --pwfile="$file" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 "${sync[@]}"
  local status=$?
  rm -f "$file"
  return "$status"
}

postgres_version_fits() {
  local have
  have=$(cat "$2/PG_VERSION")
  case "$("$1/postgres" --version)" in *" $have."*) return 0 ;; esac
  fail_hint "the data in $2 are of PostgreSQL $have: install that one, or move the folder away to start anew"
  return 1
}

postgres_ready() {
  process_alive "$1" || return 2
  "$2/pg_isready" -q -h 127.0.0.1 -p "$3" -U cti || return 1
}

# "Fast shutdown": open sessions end, data are written.
postgres_stop() { process_stop "$1/pid" INT 30; }
