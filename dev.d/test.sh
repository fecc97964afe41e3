# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # cores comes from dev
# Runs the tests in the presets that matter, all of them whatever fails, and ends with one line of figures.

# tests [--room ROOM] [PRESET...]
tests() {
  if [ "${1:-}" = --room ]; then
    [ $# -ge 2 ] || fail "--room needs the name of a room: a folder of tests/unit, or conformance, or cli"
    room_tests "${@:2}"
  else
    test_legs "$@"
  fi
}

# rooms: the rooms that have tests, and what is above them: data/csv and data
rooms() {
  (cd tests && find unit conformance cli -name '*_test.cpp' -printf '%h\n') | sed 's|^unit/||; p; s|/.*||' | sort -u
}

# room_tests ROOM [PRESET]: builds and runs only these, in the release build, which ./dev build has begun
room_tests() {
  local room=${1%/} preset=${2:-release}
  rooms | grep -xF -e "$room" >/dev/null || fail "no room '$room'; one of:" "$(rooms | xargs)"
  run cmake --preset "$preset"
  run cmake --build "build/$preset" --parallel "$cores" --target "tests_of_${room//\//_}"
  run ctest --preset "$preset" --parallel "$cores" --label-regex "^$room\$"
}

test_legs() {
  local presets=("$@") preset failed=()
  [ $# -gt 0 ] || presets=(release asan tsan)
  passed_tests=0 failed_tests=0 skipped_tests=0
  for preset in "${presets[@]}"; do
    say
    say "== tests: $preset"
    leg "$preset" || failed+=("$preset")
  done
  say
  say "tests: $passed_tests passed, $failed_tests failed, $skipped_tests skipped${failed:+ (failed in: ${failed[*]})}"
  [ ${#failed[@]} = 0 ]
}

# leg PRESET [CTEST OPTION...]: configure, build, test; adds to the figures
leg() {
  local log=build/$1/ctest.log status=0 counts skipped
  rm -f "$log"
  if ! { run cmake --preset "$1" && run cmake --build --preset "$1" --parallel "$cores"; }; then
    failed_tests=$((failed_tests + 1)) # a build that fails counts as one test
    return 1
  fi
  run ctest --preset "$1" --parallel "$cores" "${@:2}" 2>&1 | tee "$log" || status=1
  counts=$(sed -n 's/^.*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log")
  counts=${counts:-1 1}
  skipped=$(skipped_in "$1" | wc -l) # CTest counts them as passed
  failed_tests=$((failed_tests + ${counts% *}))
  skipped_tests=$((skipped_tests + skipped))
  passed_tests=$((passed_tests + ${counts#* } - ${counts% *} - skipped))
  return $status
}

# skipped_in PRESET: the tests that its last run skipped
skipped_in() {
  sed -n 's/^\t *[0-9]* - \(.*\) (Skipped)$/\1/p' "build/$1/ctest.log"
}
