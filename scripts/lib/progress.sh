# One line for each step: what, how long it usually takes, how long it took. Sourced.
# shellcheck shell=bash

STEP_NUMBER=0
STEP_TOTAL=${STEP_TOTAL:-0}
STEP_HINT=

# progress_start LOGFILE TOTAL: everything the steps print goes to LOGFILE.
progress_start() {
  STEP_LOG=$1
  STEP_TOTAL=$2
  mkdir -p "$(dirname "$STEP_LOG")"
  : >"$STEP_LOG"
}

# step "Title" CMD...: runs CMD in this shell with its output in the log; on failure shows the last lines and leaves.
step() { step_try "$@" || exit 1; }

# step_try "Title" CMD...: the same, and the caller goes on after a failure.
step_try() {
  local title=$1 began=$SECONDS from status=0
  shift
  STEP_NUMBER=$((STEP_NUMBER + 1))
  STEP_HINT=
  printf '[%2d/%d] %s … ' "$STEP_NUMBER" "$STEP_TOTAL" "$title" >&3
  from=$(wc -l <"$STEP_LOG")
  "$@" >>"$STEP_LOG" 2>&1 || status=$?
  if [ "$status" = 0 ]; then
    printf '%s s\n' "$((SECONDS - began))" >&3
    return 0
  fi
  printf 'FAILED after %s s\n\n' "$((SECONDS - began))" >&3
  tail -n "+$((from + 1))" "$STEP_LOG" | tail -n 40 | sed 's/\x1b\[[0-9;]*m//g; s/^/    /' >&3
  printf '\nThe whole log: %s\n' "$STEP_LOG" >&3
  [ -z "$STEP_HINT" ] || printf 'What to do: %s\n' "$STEP_HINT" >&3
  return 1
}
