# npm ci and the build, each only when something changed. Sourced.
# shellcheck shell=bash

npm_install() {
  node "$CTI_CHECKOUT/scripts/lib/installed.mjs" && return 0
  (cd "$CTI_CHECKOUT" && npm ci --include=dev --no-audit --no-fund </dev/null) || {
    fail_hint "npm ci failed; the log says why (no network, or package-lock.json does not fit package.json)"
    return 1
  }
}

# Two builds into one dist would mix; the second waits and then finds nothing to do.
build() {
  mkdir -p "$CTI_CHECKOUT/dist"
  (cd "$CTI_CHECKOUT" && flock dist/.build-lock node scripts/build.mjs) && return 0
  fail_hint "the build failed; the errors are above"
  return 1
}
