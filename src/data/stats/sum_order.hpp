// SPDX-License-Identifier: MIT
// NumPy's two orders of additions for numbers that arrive in parts: next() tells how many numbers the next part has,
// add() takes its sum. Neither holds numbers, only the sums that wait for others: one, or one per level of a tree.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "tequio/detail/base/numpy_sum_rule.hpp"

namespace tequio::data {

/// All numbers as one tree of halves, cut into subtrees.
///
/// Exact: the count gives the shape of the tree, so the total is the same whatever the size of the parts.
template <class Sum>
class pairwise_tree {
 public:
  /// @param most_in_part a leaf (numpy_sum_rule::leaf) or more.
  pairwise_tree(std::uint64_t count, std::size_t most_in_part) : m_most(most_in_part), m_next(count) {}

  /// The numbers of the next part; 0 at the end.
  [[nodiscard]] std::uint64_t next() {
    while (m_next > m_most) {
      const std::uint64_t half = detail::numpy_sum_rule::first_half(m_next);
      m_cuts[m_depth++] = {.second_half = m_next - half};
      m_next = half;
    }
    return m_next;
  }

  /// The numbers of the next parts that together have at most `room`, which is most_in_part or more.
  [[nodiscard]] std::uint64_t fitting(std::uint64_t room) const {
    std::uint64_t fit = 0, node = m_next;
    for (std::size_t depth = m_depth; fit + node <= room; node = m_cuts[depth].second_half) {
      fit += node;
      if (depth-- == 0) return fit;
    }
    while (node > m_most) {  // does not fit: of its halves, the first may
      const std::uint64_t half = detail::numpy_sum_rule::first_half(node);
      const bool fits = fit + half <= room;
      fit += fits ? half : 0;
      node = fits ? node - half : half;
    }
    return fit;
  }

  /// Takes the sum of the part that next() has told.
  void add(Sum sum) {
    for (; m_depth > 0 && m_cuts[m_depth - 1].second_half == 0; --m_depth) sum = m_cuts[m_depth - 1].first_sum + sum;
    m_next = 0;
    if (m_depth == 0) {
      m_total = m_total + sum;
    } else {
      m_cuts[m_depth - 1].first_sum = sum;
      std::swap(m_next, m_cuts[m_depth - 1].second_half);
    }
  }

  [[nodiscard]] Sum total() const { return m_total; }

 private:
  /// A node above the next part: the numbers of its second half, 0 once that has begun, and the sum of its first.
  struct cut {
    std::uint64_t second_half = 0;
    Sum first_sum{};
  };

  std::array<cut, 64> m_cuts{};  // outermost first; each halves a count of 64 bits
  std::size_t m_depth = 0;
  std::size_t m_most;
  std::uint64_t m_next;
  Sum m_total{};
};

/// Blocks whose sums are added in turn.
template <class Sum>
class block_chain {
 public:
  block_chain(std::uint64_t count, std::size_t block) : m_block(block), m_left(count) {}

  /// As those of pairwise_tree.
  [[nodiscard]] std::uint64_t next() const { return fitting(m_block); }
  [[nodiscard]] std::uint64_t fitting(std::uint64_t room) const { return std::min(m_left, room - room % m_block); }
  void add(Sum sum) {
    m_left -= next();
    m_total = m_total + sum;
  }
  [[nodiscard]] Sum total() const { return m_total; }

 private:
  std::size_t m_block;
  std::uint64_t m_left;
  Sum m_total{};
};

}  // namespace tequio::data
