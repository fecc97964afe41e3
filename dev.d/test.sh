# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # cores comes from dev
# Runs the tests in the presets that matter, all of them whatever fails, and ends with one line of figures.

test_legs() {
  local presets=("$@") preset failed=()
  [ $# -gt 0 ] || presets=(release asan tsan)
  passed_tests=0 failed_tests=0
  for preset in "${presets[@]}"; do
    say
    say "== tests: $preset"
    leg "$preset" || failed+=("$preset")
  done
  say
  say "tests: $passed_tests passed, $failed_tests failed${failed:+ (in: ${failed[*]})}"
  [ ${#failed[@]} = 0 ]
}

# leg PRESET: configure, build, test; adds to the figures
leg() {
  local log=build/$1/ctest.log status=0 counts
  if ! { run cmake --preset "$1" && run cmake --build --preset "$1" --parallel "$cores"; }; then
    failed_tests=$((failed_tests + 1)) # a build that fails counts as one test
    return 1
  fi
  run ctest --preset "$1" --parallel "$cores" 2>&1 | tee "$log" || status=1
  counts=$(sed -n 's/^.*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log")
  counts=${counts:-1 1}
  failed_tests=$((failed_tests + ${counts% *}))
  passed_tests=$((passed_tests + ${counts#* } - ${counts% *}))
  return $status
}
