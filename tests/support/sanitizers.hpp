// SPDX-License-Identifier: MIT
// Which sanitizer this build has, for the few tests that one of them rules out.
#pragma once

namespace tequio::test {

#ifdef __SANITIZE_THREAD__
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif

}  // namespace tequio::test
