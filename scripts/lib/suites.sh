# Runs test suites by tap on the compiled tests. Sourced.
# shellcheck shell=bash

# suite_options SUITE: every file has its own Asterisk, database and ports, and calls mostly wait, so two files run beside each other (with three
# the PBXs wait for the processor). Those alone for whom the machine itself is what is tested: overload, the kill suite; and pages, whose browser
# takes both cores.
suite_options() {
  case $1 in
    unit) echo "--jobs=3 --timeout=120" ;;
    integration) echo "--jobs=2 --timeout=420" ;;
    property) echo "--jobs=1 --timeout=1200" ;;
    telephony)
      echo "--jobs=2 --timeout=400"
      printf ' --serial=dist/test/telephony/%s' kill watch
      ;;
    *) echo "--jobs=1 --timeout=300" ;;
  esac
}

# The random histories of the routing core keep both cores busy for minutes, and nothing in them waits: a suite of its own.
PROPERTY=test/integration/routing/property.test.js

suite_files() {
  case $1 in
    property) echo "$CTI_CHECKOUT/dist/$PROPERTY" ;;
    *) find "$CTI_CHECKOUT/dist/test/$1" -name '*.test.js' 2>/dev/null | grep -v "/$PROPERTY\$" | sort ;;
  esac
}

# suite_beside NAME: begins a suite at the lowest priority, in a process group of its own; `suite_beside_wait` waits for it.
suite_beside() {
  local found
  mapfile -t found < <(suite_files "$1")
  set -m
  SUITE_NICE="nice -n 19" run_suite "$1" "${found[@]}" &
  SUITE_BESIDE=$!
  set +m
}

suite_beside_wait() {
  [ -z "${SUITE_BESIDE:-}" ] || wait "$SUITE_BESIDE"
  SUITE_BESIDE=
}

suite_beside_stop() { [ -z "${SUITE_BESIDE:-}" ] || kill -- "-$SUITE_BESIDE" 2>/dev/null; }

# run_suite NAME FILE...: TAP goes through tap-summary.mjs; the whole of it is kept in RUN_DIR/NAME.tap.
run_suite() {
  local name=$1 node=${CTI_NODE_BIN:-node} began=$SECONDS
  shift
  [ "$#" -gt 0 ] || return 0
  say "$name: $# files"
  # shellcheck disable=SC2046,SC2086 # the options are words
  (
    cd "$CTI_CHECKOUT" &&
      PATH=$(dirname "$node"):$PATH ${SUITE_NICE:-} "$node" node_modules/tap/dist/esm/run.mjs run --reporter=tap \
        $(suite_options "$name") "${@#"$CTI_CHECKOUT"/}" </dev/null 2>"$RUN_DIR/$name.stderr" |
      tee "$RUN_DIR/$name.tap" | node scripts/lib/tap-summary.mjs "$name" "$RUN_DIR/counts"
  ) >&3
  grep -vE '^npm warn|^$' "$RUN_DIR/$name.stderr" | tail -n 20 >&3
  say "$name: $((SECONDS - began)) s"
}

# count SUITE PASSED FAILED: a check that is no TAP.
count() { printf '{"suite":"%s","passed":%d,"failed":%d}\n' "$1" "$2" "$3" >>"$RUN_DIR/counts"; }

# check "Title" CMD...: a step that counts as one test and does not keep the suites from running.
check() {
  if step_try "$@"; then count checks 1 0; else count checks 0 1; fi
}

# suites_total: prints the last line, from what tap counted; 1 when something failed or nothing ran.
suites_total() {
  node -e '
    const lines = require("fs").readFileSync(process.argv[1], "utf8").split("\n").filter(Boolean).map(JSON.parse)
    const sum = (key) => lines.reduce((total, line) => total + line[key], 0)
    console.log(`${sum("passed")} passed, ${sum("failed")} failed`)
    process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0
  ' "$RUN_DIR/counts"
}
