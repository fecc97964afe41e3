// SPDX-License-Identifier: MIT
// The unit in which memory is had from the system, and offsets that keep an alignment.
#pragma once

#include <cstddef>

namespace tequio::detail {

inline constexpr std::size_t page = 4096;

/// The first offset at or behind `offset` that is a multiple of `alignment`.
constexpr std::size_t aligned(std::size_t offset, std::size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

}  // namespace tequio::detail
