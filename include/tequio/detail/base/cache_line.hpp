// SPDX-License-Identifier: MIT
// The size of a cache line, on which layouts in shared memory depend: our own constant, the same for all compilers.
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
