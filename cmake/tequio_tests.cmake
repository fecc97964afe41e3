# SPDX-License-Identifier: MIT
# What a test is, by the end of its file's name: NAME_KIND_test.cpp. The kind is a label of CTest, and what a preset may
# leave out.
#   step     killed at every instruction: a tracer counts them, and a sanitizer adds its own
#   deaths   killed elsewhere, with others that go on
#   forks    all of it happens in forked processes, between which ThreadSanitizer sees nothing
#   native   replaces a function that a sanitizer replaces as well, or has no code of ours to watch
#   long     too long for CI, where a smaller one runs; `./dev check --long`

set(TEQUIO_TESTS_WITHOUT "" CACHE STRING "rooms and kinds of tests that this build leaves out")

# tequio_test_kind(NAME VARIABLE): the kind of NAME_test.cpp, which may be `plain`
function(tequio_test_kind name variable)
  set(${variable} plain PARENT_SCOPE)
  if(name MATCHES "_(step|deaths|forks|native|long)$")
    set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
  endif()
endfunction()
