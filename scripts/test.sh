#!/usr/bin/env bash
# npm test [-- [--node24] [unit|integration|property|telephony|browser|path/to/file.test.ts …]]: sets up like `npm run up`, with
# throw-away services on free ports, checks types and lint, and runs the suites. Last line: N passed, N failed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common progress processes ports secrets packages asterisk-root install redis postgres test-services suites \
  checks; do
  # shellcheck source=/dev/null
  . "$here/lib/$part.sh"
done

# A whole run plays `property` beside `telephony`, whose calls mostly wait.
ALL_SUITES=(unit integration telephony browser)
suites=()
files=()
node24=no
for argument in "$@"; do
  case $argument in
    --node24) node24=yes ;;
    unit | integration | property | telephony | browser) suites+=("$argument") ;;
    *.test.ts | *.test.js) files+=("$argument") ;;
    *)
      echo "usage: npm test [-- [--node24] [unit|integration|property|telephony|browser|path/to/file.test.ts …]]" >&2
      exit 2
      ;;
  esac
done
whole=no
if [ "${#suites[@]}" = 0 ] && [ "${#files[@]}" = 0 ]; then
  suites=("${ALL_SUITES[@]}")
  whole=yes
fi

RUN_DIR=$(mktemp -d "${TMPDIR:-/tmp}/cti120-test.XXXXXX")
chmod 711 "$RUN_DIR"
passed=no
: >"$RUN_DIR/counts"
# Whatever happens, the count is the last line.
clean_up() {
  local status=$? total
  trap '' INT TERM HUP
  [ "$status" = 0 ] || count setup 0 1
  suite_beside_stop
  test_services_stop "$RUN_DIR"
  total=$(suites_total) || passed=no
  if [ "$passed" = yes ]; then rm -rf "$RUN_DIR"; else say "failed; logs and the TAP of each suite are in $RUN_DIR"; fi
  say "$total"
  [ "$passed" = yes ] || [ "$status" != 0 ] || status=1
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

progress_start "$RUN_DIR/log" 7
[ "$whole" = yes ] || STEP_TOTAL=5
step "Programs (installed when missing)" packages_ensure "${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}"
step "Asterisk 22 root (once, about 1 minute)" asterisk_root_ensure
step "npm packages (once, about 1 minute)" npm_install
step "Build and types" build
step "Throw-away services" test_world
if [ "$whole" = yes ]; then
  check "Types of the pages" check_web_types
  check "Lint and import rules" check_lint
fi
if [ "$node24" = yes ]; then
  CTI_NODE_BIN=$(npx -y node@24 -p process.execPath) || exit 1
  say "Node $("$CTI_NODE_BIN" -v)"
fi

for suite in "${suites[@]}"; do
  [ "$whole$suite" != yestelephony ] || suite_beside property
  mapfile -t found < <(suite_files "$suite")
  run_suite "$suite" "${found[@]}"
done
if [ "${#files[@]}" -gt 0 ]; then
  mapfile -t found < <(for file in "${files[@]}"; do compiled_test "$file"; done)
  run_suite files "${found[@]}"
fi
suite_beside_wait

passed=yes
