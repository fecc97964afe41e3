// SPDX-License-Identifier: MIT
// NumPy's sums by its rule, number by number; the fast sums are compared with them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace tequio::test {

/// Pairwise over all of `numbers`.
inline double slow_pairwise_sum(const std::vector<double>& numbers) {
  const std::size_t count = numbers.size();
  double sum = 0;
  if (count > 128) {
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(count / 2 / 8 * 8);
    return slow_pairwise_sum({numbers.begin(), middle}) + slow_pairwise_sum({middle, numbers.end()});
  }
  if (count >= 8) {
    double lane[8] = {};
    for (std::size_t i = 0; i < count / 8 * 8; ++i) lane[i % 8] += numbers[i];
    sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
  }
  for (std::size_t i = count / 8 * 8; i < count; ++i) sum += numbers[i];
  return sum;
}

/// Pairwise inside blocks of 8,192, which are added in turn.
inline double slow_block_sum(const std::vector<double>& numbers) {
  double sum = 0;
  for (std::size_t first = 0; first < numbers.size(); first += 8192) {
    const auto from = numbers.begin() + static_cast<std::ptrdiff_t>(first);
    sum += slow_pairwise_sum(
        {from, from + static_cast<std::ptrdiff_t>(std::min<std::size_t>(8192, numbers.size() - first))});
  }
  return sum;
}

}  // namespace tequio::test
