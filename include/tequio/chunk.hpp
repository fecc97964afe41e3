// SPDX-License-Identifier: MIT
// One part of a range that several workers divide among themselves: equal parts, and the last part has the remainder.
// For a loop written by hand over an array or over std::views::iota(0, n); map() and reduce() divide their items.
#pragma once

#include <cstddef>
#include <ranges>
#include <span>

#include "tequio/error.hpp"

namespace tequio {

namespace detail {

/// The place of a part in a range.
struct chunk_bounds {
  std::size_t first = 0;
  std::size_t last = 0;
};

[[nodiscard]] chunk_bounds bounds_of_chunk(std::size_t size, std::size_t index, std::size_t count);

}  // namespace detail

/// The part of `items` for worker `index` of `count`: size / count items; the last part also has the remainder.
///
/// @param items a range with random access; it must outlive the part.
/// @return a std::span where the range is contiguous, otherwise a std::ranges::subrange.
///
/// Errors:  error where `index` is not below `count`.
template <std::ranges::random_access_range Items>
requires std::ranges::sized_range<Items> && std::ranges::borrowed_range<Items>
[[nodiscard]] auto chunk(Items&& items, std::size_t index, std::size_t count) {
  const auto [first, last] = detail::bounds_of_chunk(std::ranges::size(items), index, count);
  if constexpr (std::ranges::contiguous_range<Items>) {
    return std::span(std::ranges::data(items) + first, last - first);
  } else {
    using distance = std::ranges::range_difference_t<Items>;
    const auto begin = std::ranges::begin(items);
    return std::ranges::subrange(begin + static_cast<distance>(first), begin + static_cast<distance>(last));
  }
}

}  // namespace tequio
