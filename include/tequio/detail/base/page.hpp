// SPDX-License-Identifier: MIT
// Page size, and rounding up to an alignment.
#pragma once

#include <cstddef>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

inline constexpr std::size_t page_bytes = 4096;

/// The smallest multiple of `alignment` that is not below `offset`.
constexpr std::size_t aligned(std::size_t offset, std::size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

}  // namespace tequio::detail
