// SPDX-License-Identifier: MIT
// The one constant that shapes shared memory: ours, so that two compilers never disagree on a layout.
#pragma once

#include <cstddef>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {
#if defined(__APPLE__) && defined(__aarch64__)
inline constexpr std::size_t cache_line_bytes = 128;
#else
inline constexpr std::size_t cache_line_bytes = 64;
#endif
}  // namespace tequio::detail
