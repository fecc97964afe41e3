# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What CI does: the tests, what they skipped, and the lints, each whatever the others say.

# check [--long]
check() {
  local status=0 long=${1:-}
  case $#$long in
    0 | 1--long) ;;
    *) fail "check takes --long or nothing" ;;
  esac
  test_legs || status=1
  say
  say "== skipped tests"
  run tests/skips.py release asan tsan || status=1
  lint || status=1
  if [ -n "$long" ]; then long_tests || status=1; fi
  return $status
}

# Those that are too long for CI, where a smaller one of each runs.
long_tests() {
  say
  say "== tests: too long for CI"
  run ctest --preset long
}
