// SPDX-License-Identifier: MIT
// The requirements on a program that uses tequio: another program is stopped by a sentence of the compiler or linker.
// Each header includes this one, directly or by its first include, so that no other error comes before.
#pragma once

#include <cstddef>  // the standard library says which one it is

#if !defined(__linux__)
#error tequio runs on Linux only
#elif __cplusplus < 202002L
#error tequio needs C++20: compile with -std=c++20 (CMake: target_compile_features(program PRIVATE cxx_std_20))
#elif !defined(__cpp_exceptions)
#error tequio tells failures by exceptions: compile without -fno-exceptions
#elif !defined(__GLIBCXX__) || !__has_include(<stop_token>)
#error tequio needs the standard library of GCC 11 or newer (clang: -stdlib=libstdc++)
#else
#define TEQUIO_CAN_BE_USED
#endif
#ifndef TEQUIO_CAN_BE_USED
#include <the_error_above_says_why>  // there is no such file: a compiler goes on after #error, but not after this
#endif

// A program whose standard library has another layout than the one tequio was built with would crash. So it asks the
// linker for a symbol whose name is the reason, and tequio defines those that are true of itself.
#if defined(_GLIBCXX_DEBUG)
#define TEQUIO_DEBUG_MODE tequio_was_built_without__GLIBCXX_DEBUG_but_this_program_is_built_with_it
#else
#define TEQUIO_DEBUG_MODE tequio_was_built_with__GLIBCXX_DEBUG_but_this_program_is_built_without_it
#endif
#if _GLIBCXX_USE_CXX11_ABI
#define TEQUIO_STRING_ABI tequio_was_built_with__GLIBCXX_USE_CXX11_ABI_0_but_this_program_is_built_without_it
#else
#define TEQUIO_STRING_ABI tequio_was_built_without__GLIBCXX_USE_CXX11_ABI_0_but_this_program_is_built_with_it
#endif

extern "C" const char TEQUIO_DEBUG_MODE;
extern "C" const char TEQUIO_STRING_ABI;

namespace tequio::detail {
// Sixteen bytes in a program that nothing reads: an object that is used and retained makes the linker look for the
// symbols it refers to.
[[gnu::used, gnu::retain]] inline constexpr const char* same_layout[] = {&TEQUIO_DEBUG_MODE, &TEQUIO_STRING_ABI};
}  // namespace tequio::detail
