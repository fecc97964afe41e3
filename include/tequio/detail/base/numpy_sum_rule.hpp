// SPDX-License-Identifier: MIT
// The order in which NumPy adds floating-point numbers: a sum in this order has NumPy's bits.
// Source: NumPy's pairwise sum (since 1.9) and its buffered iterator. From NumPy 2.3 the tree spans all numbers that
// need no conversion; before, and where numbers are converted, each block is such a tree and blocks are added in turn.
#pragma once

#include <cstddef>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail::numpy_sum_rule {

inline constexpr std::size_t block = 8192;  ///< numbers in NumPy's buffer: np.getbufsize()
inline constexpr std::size_t leaf = 128;    ///< at most so many numbers are added without halving them
inline constexpr std::size_t lanes = 8;     ///< running sums of a leaf: number i goes to sum i % lanes

/// Numbers in the first half of more than a leaf.
[[nodiscard]] constexpr std::size_t first_half(std::size_t count) noexcept { return count / 2 - count / 2 % lanes; }

}  // namespace tequio::detail::numpy_sum_rule
