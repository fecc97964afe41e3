// SPDX-License-Identifier: MIT
#include "data/stats/sum_order.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <vector>

#include "support/slow_sum.hpp"

namespace {

using tequio::data::block_chain;
using tequio::data::pairwise_tree;
using tequio::test::slow_block_sum;
using tequio::test::slow_pairwise_sum;

std::vector<double> sample(std::size_t count) {
  std::mt19937_64 random(count);
  std::vector<double> numbers(count);
  for (double& number : numbers) number = static_cast<double>(static_cast<std::int64_t>(random())) / 3.0;
  return numbers;
}

std::uint64_t bits(double number) { return std::bit_cast<std::uint64_t>(number); }

double total_of(auto parts, const std::vector<double>& numbers) {
  auto from = numbers.begin();
  while (const auto count = static_cast<std::ptrdiff_t>(parts.next())) {
    parts.add(slow_pairwise_sum({from, from + count}));
    from += count;
  }
  EXPECT_EQ(from, numbers.end());
  return parts.total();
}

TEST(pairwise_tree, has_the_sum_of_the_whole_whatever_the_size_of_its_parts) {
  for (const std::size_t count : {1U, 8U, 128U, 129U, 257U, 8191U, 8193U, 30'007U, 65'601U}) {
    const std::vector<double> numbers = sample(count);
    for (const std::size_t most : {128U, 129U, 1000U, 8192U, 100'000U})
      EXPECT_EQ(bits(total_of(pairwise_tree<double>(count, most), numbers)), bits(slow_pairwise_sum(numbers)))
          << count << " in parts of " << most;
  }
}

TEST(pairwise_tree, tells_how_many_numbers_of_whole_parts_fit) {
  for (const std::uint64_t room : {8192U, 10'000U, 131'072U, 1'000'000U}) {
    constexpr std::size_t count = 300'007;
    pairwise_tree<double> parts(count, 8192);
    std::uint64_t left = count;
    while (const std::uint64_t fit = parts.fitting(room)) {
      ASSERT_LE(fit, room);
      ASSERT_TRUE(fit == left || fit + 8192 > room) << "one more part would fit";
      std::uint64_t taken = 0;
      for (; taken < fit; parts.add(0)) taken += parts.next();
      ASSERT_EQ(taken, fit);
      left -= fit;
    }
    EXPECT_EQ(left, 0U);
  }
}

TEST(pairwise_tree, holds_the_most_numbers_that_a_count_can_say) {
  constexpr std::uint64_t count = ~std::uint64_t{0};
  pairwise_tree<double> parts(count, 128);
  EXPECT_LE(parts.next(), 128U);
  for (int part = 0; part < 1000; ++part) {
    EXPECT_GT(parts.next(), 0U);
    parts.add(1);
  }
}

TEST(pairwise_tree, of_nothing_is_zero) { EXPECT_EQ(total_of(pairwise_tree<double>(0, 8192), {}), 0.0); }

TEST(block_chain, adds_block_after_block) {
  for (const std::size_t count : {0U, 1U, 8192U, 8193U, 30'007U}) {
    const std::vector<double> numbers = sample(count);
    EXPECT_EQ(bits(total_of(block_chain<double>(count, 8192), numbers)), bits(slow_block_sum(numbers))) << count;
  }
  EXPECT_EQ((block_chain<double>(100'000, 8192).fitting(20'000)), 16'384U);
}

}  // namespace
