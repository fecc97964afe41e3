// SPDX-License-Identifier: MIT
// The order of additions at every count up to 20,000, which sum_order_test tries at a few.
#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "support/slow_sum.hpp"
#include "tequio/detail/base/pairwise_sum.hpp"
#include "tequio/threads.hpp"

namespace {

TEST(sum_order_long, is_that_of_the_rule_at_every_count) {
  std::mt19937_64 random(1);
  std::vector<double> numbers;
  tequio::threads crew(2);
  for (std::size_t count = 0; count <= 20'000; ++count) {
    const auto expected = std::bit_cast<std::uint64_t>(tequio::test::slow_pairwise_sum(numbers));
    const double sum = tequio::detail::pairwise_sum(std::span<const double>(numbers));
    ASSERT_EQ(std::bit_cast<std::uint64_t>(sum), expected) << count;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(crew.reduce(numbers, 0.0, std::plus<>{})), expected) << count;
    numbers.push_back(static_cast<double>(static_cast<std::int64_t>(random())) / 3.0);
  }
}

}  // namespace
