# SPDX-License-Identifier: MIT
# What a test or an example is, by its file's name: its kind is a label of CTest, and what a preset cannot use of it.

set(TEQUIO_TESTS_WITHOUT "" CACHE STRING "rooms and kinds of tests that this build leaves out")

# A kind and the names of its files; the first that fits.
set(tequio_test_kinds
  # killed at every instruction: a tracer counts them, and a sanitizer adds its own
  step     "_step$|^step_killer$"
  deaths   "_deaths$"
  # all of it happens in forked processes, between which ThreadSanitizer sees nothing
  forks    "^process|_processes$|^child_exit$|^spawn|^supervisor$|^reference$|^ten_thousand_files$"
  # too long for CI, where a smaller one runs; `./dev check --long`
  long     "_long$"
  # replaces a function that a sanitizer replaces too, or has no code of ours to watch
  native   "^clock_jumps$|^refused_code$")

# tequio_test_kind(NAME VARIABLE): the kind of the file, which may be `plain`
function(tequio_test_kind name variable)
  set(kinds ${tequio_test_kinds})
  while(kinds)
    list(POP_FRONT kinds kind names)
    if(name MATCHES "${names}")
      set(${variable} ${kind} PARENT_SCOPE)
      return()
    endif()
  endwhile()
  set(${variable} plain PARENT_SCOPE)
endfunction()
