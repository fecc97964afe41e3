// SPDX-License-Identifier: MIT
// The part of the arena's addresses that one call reserves for results whose size is not known beforehand.
#pragma once

#include <algorithm>
#include <cstddef>

#include "tequio/detail/base/page.hpp"
#include "tequio/detail/memory/arena.hpp"

namespace tequio::detail {

/// The size of each of `parts` equal parts of a call's share, in whole pages. It is address space: memory is committed
/// as it is used.
[[nodiscard]] inline std::size_t arena_share(const arena& from, std::size_t parts) {
  // several calls may run at once (nested ones, those of other threads), so each takes a part of the free addresses
  constexpr std::size_t calls_at_once = 4;
  // no more addresses than any machine has memory for
  constexpr std::size_t largest_part = std::size_t{1} << 36;
  const std::size_t left = from.largest_free() / calls_at_once / parts;
  return std::max(page_bytes, std::min(largest_part, left) / page_bytes * page_bytes);
}

}  // namespace tequio::detail
