# What a suite run needs around it. Sourced.
# shellcheck shell=bash

test_world() { test_services_start "$RUN_DIR" && test_world_fill; }

test_world_fill() {
  bash "$CTI_CHECKOUT/asterisk/sounds/ko/make-prompts.sh" "$CTI_CACHE/sounds" && test_template_make
}

check_web_types() {
  [ -s "$CTI_CHECKOUT/web/tsconfig.json" ] || return 0
  (cd "$CTI_CHECKOUT" && node node_modules/typescript/bin/tsc --noEmit -p web/tsconfig.json)
}

check_lint() { (cd "$CTI_CHECKOUT" && npm run --silent lint </dev/null); }

# compiled_test FILE: test/unit/foo.test.ts -> its JavaScript in dist.
compiled_test() {
  local file=${1#"$CTI_CHECKOUT"/}
  file=${file#./}
  file=${file#dist/}
  echo "dist/${file%.ts}" | sed 's/\(\.js\)\{0,1\}$/.js/'
}
