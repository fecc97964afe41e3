// SPDX-License-Identifier: MIT
// What every engine's reduce() and transform_reduce() promise, run for each with 1, 2 and 4 workers.
#include "support/slow_sum.hpp"
#include "support/workers/engine_crews.hpp"
#include "tequio/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace {

class reduce_conformance : public tequio::test::engine_test {};
INSTANTIATE_TEST_SUITE_P(all, reduce_conformance, ::testing::ValuesIn(tequio::test::all_engines()),
                         tequio::test::name_of_engine);

TEST_P(reduce_conformance, reductions_have_the_bits_of_the_serial_engine) {
  auto engine = crew();
  std::mt19937_64 random(1);
  std::vector<double> numbers(100003);
  for (double& number : numbers) number = std::ldexp(static_cast<double>(random() >> 11), -40) - 4000.0;
  EXPECT_EQ(engine.reduce(numbers, 0.5, std::plus<>{}), tequio::serial().reduce(numbers, 0.5, std::plus<>{}));
  const auto largest = [](double a, double b) { return std::max(a, b); };
  EXPECT_EQ(engine.reduce(numbers, -1e300, largest), *std::ranges::max_element(numbers));
  // associative, not commutative: the order of the items is kept
  std::vector<std::string> letters(20000);
  for (std::size_t i = 0; i < letters.size(); ++i) letters[i] = static_cast<char>('a' + i % 26);
  const std::string joined = std::accumulate(letters.begin(), letters.end(), std::string("^"));
  EXPECT_EQ(engine.reduce(letters, std::string("^"), std::plus<>{}), joined);
}

// a length on each side of every cut, and of several parts
constexpr std::size_t reduced_sizes[] = {1, 7, 8, 9, 128, 129, 8192, 8193, 16'385, 30'007, 65'601, 100'003};

TEST_P(reduce_conformance, sums_are_pairwise_over_all_numbers) {
  auto engine = crew();
  std::mt19937_64 random(2);
  for (const std::size_t size : reduced_sizes) {
    std::vector<double> numbers(size);
    for (double& number : numbers) number = static_cast<double>(static_cast<std::int64_t>(random())) / 3.0;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(engine.reduce(numbers, 0.0, std::plus<>{})),
              std::bit_cast<std::uint64_t>(tequio::test::slow_pairwise_sum(numbers)))
        << size;
  }
}

/// The shape that reduce() promises, written a second time to compare with.
std::uint64_t combined_by_halves(std::span<const std::uint64_t> items, const auto& operation) {
  if (items.size() <= 8192) return std::accumulate(items.begin() + 1, items.end(), items.front(), operation);
  const std::size_t half = items.size() / 2 / 8 * 8;
  return operation(combined_by_halves(items.first(half), operation),
                   combined_by_halves(items.subspan(half), operation));
}

TEST_P(reduce_conformance, reductions_have_the_shape_that_is_promised) {
  auto engine = crew();
  const auto order = [](std::uint64_t left, std::uint64_t right) { return left * 31 + (right ^ (right >> 7)) * 17; };
  for (const std::size_t size : reduced_sizes) {
    std::vector<std::uint64_t> items(size);
    std::iota(items.begin(), items.end(), 1);
    EXPECT_EQ(engine.reduce(items, std::uint64_t{5}, order), order(5, combined_by_halves(items, order))) << size;
  }
}

TEST_P(reduce_conformance, transformed_items_are_combined_and_not_folded) {
  auto engine = crew();
  const std::vector<int> threes(20000, 3);
  const auto square = [](int n) { return static_cast<long>(n) * n; };
  EXPECT_EQ(engine.transform_reduce(threes, 0L, std::plus<>{}, square), 180000);
  EXPECT_EQ(engine.transform_reduce(std::vector<int>{}, 5L, std::plus<>{}, square), 5);
  const std::vector<double> tenths(1000, 0.1);
  EXPECT_EQ(engine.transform_reduce(tenths, {.chunk = 1}, 0.0, std::plus<>{}, std::identity{}),
            tequio::serial().transform_reduce(tenths, 0.0, std::plus<>{}, std::identity{}));
}

}  // namespace
