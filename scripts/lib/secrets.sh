# Secrets are made once, one file each, readable by the owner alone, and stay in the state folder. Sourced.
# shellcheck shell=bash

# secret NAME [BYTES]: prints the secret NAME of $SECRETS_DIR, making it at the first time. Hex, so it needs no quoting
# in any configuration file.
secret() {
  local file=$SECRETS_DIR/$1
  if [ ! -s "$file" ]; then
    (
      umask 077
      mkdir -p "$SECRETS_DIR"
      openssl rand -hex "${2:-24}" >"$file.new.$$"
      # The first one wins when two runs make it at once.
      ln "$file.new.$$" "$file" 2>/dev/null
      rm -f "$file.new.$$"
    )
  fi
  cat "$file"
}
