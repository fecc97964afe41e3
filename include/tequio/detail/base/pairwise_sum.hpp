// SPDX-License-Identifier: MIT
// The sum of floating-point numbers, to the last bit that of NumPy: pairwise, with eight accumulators.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <ranges>
#include <span>
#include <type_traits>

#include "tequio/detail/base/numpy_sum_rule.hpp"
#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// Sum of all numbers.
///
/// Exact:   the order of additions depends on the length alone.
/// Source:  tequio/detail/base/numpy_sum_rule.hpp.
template <std::floating_point Number>
[[nodiscard]] Number pairwise_sum(std::span<const Number> numbers) {
  constexpr std::size_t lanes = numpy_sum_rule::lanes;
  const std::size_t count = numbers.size();
  if (count < lanes) {
    Number sum = 0;
    for (const Number number : numbers) sum += number;
    return sum;
  }
  if (count <= numpy_sum_rule::leaf) {
    Number lane[lanes];
    for (std::size_t i = 0; i < lanes; ++i) lane[i] = numbers[i];
    const std::size_t whole = count - count % lanes;
    for (std::size_t first = lanes; first < whole; first += lanes)
      for (std::size_t i = 0; i < lanes; ++i) lane[i] += numbers[first + i];
    Number sum = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (std::size_t i = whole; i < count; ++i) sum += numbers[i];
    return sum;
  }
  const std::size_t half = numpy_sum_rule::first_half(count);
  return pairwise_sum(numbers.first(half)) + pairwise_sum(numbers.subspan(half));
}

template <std::floating_point Number>
[[nodiscard]] Number pairwise_sum(std::span<Number> numbers) {
  return pairwise_sum(std::span<const Number>(numbers));
}

template <class Operation, class Value>
concept addition = std::same_as<Operation, std::plus<>> || std::same_as<Operation, std::plus<Value>>;

/// Whether a reduction is a sum that pairwise_sum() can make.
template <class Items, class Value, class Operation>
concept pairwise_summable = std::ranges::contiguous_range<Items> && std::floating_point<Value> &&
    std::same_as<std::remove_cv_t<std::ranges::range_value_t<Items>>, Value> && addition<Operation, Value>;

}  // namespace tequio::detail
