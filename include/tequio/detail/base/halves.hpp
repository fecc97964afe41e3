// SPDX-License-Identifier: MIT
// How a reduction shares its items among workers: an index range halved into parts, and the parts' values combined
// along the same tree. The number of items alone shapes it, and its cuts are those of NumPy's sum.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "tequio/detail/base/numpy_sum_rule.hpp"

namespace tequio::detail {

/// Items `first` to before `last`.
struct index_range {
  std::size_t first = 0;
  std::size_t last = 0;

  [[nodiscard]] constexpr std::size_t size() const noexcept { return last - first; }
};

/// The most items of a part: enough work to hide the cost of a claim, and the size of NumPy's buffer.
inline constexpr std::size_t most_in_part = numpy_sum_rule::block;

inline void add_parts(index_range range, std::vector<index_range>& parts) {
  if (range.size() <= most_in_part) return parts.push_back(range);
  const std::size_t middle = range.first + numpy_sum_rule::first_half(range.size());
  add_parts({range.first, middle}, parts);
  add_parts({middle, range.last}, parts);
}

/// The parts of `count` items, in their order.
[[nodiscard]] inline std::vector<index_range> halved(std::size_t count) {
  std::vector<index_range> parts;
  add_parts({0, count}, parts);
  return parts;
}

/// Combines the values of the parts of `count` items, the first of which is at `next`; moves `next` behind the last.
template <class Value, class Operation>
[[nodiscard]] Value combine_halves(std::size_t count, typename std::vector<Value>::iterator& next,
                                   Operation& operation) {
  if (count <= most_in_part) return std::move(*next++);
  const std::size_t half = numpy_sum_rule::first_half(count);
  Value first = combine_halves<Value>(half, next, operation);
  return operation(std::move(first), combine_halves<Value>(count - half, next, operation));
}

}  // namespace tequio::detail
