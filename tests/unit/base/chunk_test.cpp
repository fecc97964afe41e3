// SPDX-License-Identifier: MIT
#include "tequio/chunk.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <ranges>
#include <string>
#include <vector>

#include "tequio/error.hpp"
#include "tequio/shared_array.hpp"

namespace {

TEST(chunk, a_part_that_there_is_not_is_an_error) {
  const std::vector<int> items(10);
  EXPECT_THROW(static_cast<void>(tequio::chunk(items, 0, 0)), tequio::error);
  try {
    static_cast<void>(tequio::chunk(items, 3, 3));
    FAIL();
  } catch (const tequio::error& refused) {
    EXPECT_STREQ(refused.what(), "chunk: part 3 of 3 asked for; parts are counted from 0, and there must be one");
  }
}

TEST(chunk, the_last_takes_the_rest) {
  std::vector<int> items(11);
  std::iota(items.begin(), items.end(), 0);
  EXPECT_EQ(tequio::chunk(items, 0, 3).size(), 3U);
  EXPECT_EQ(tequio::chunk(items, 1, 3).front(), 3);
  EXPECT_EQ(tequio::chunk(items, 2, 3).size(), 5U);
  EXPECT_EQ(tequio::chunk(items, 2, 3).back(), 10);
}

TEST(chunk, every_item_is_in_one_part) {
  for (std::size_t size = 0; size < 30; ++size)
    for (std::size_t count = 1; count < 12; ++count) {
      std::vector<std::size_t> seen;
      for (std::size_t index = 0; index < count; ++index)
        for (const std::size_t item : tequio::chunk(std::views::iota(std::size_t{0}, size), index, count))
          seen.push_back(item);
      ASSERT_EQ(seen.size(), size) << count;
      for (std::size_t item = 0; item < size; ++item) ASSERT_EQ(seen[item], item);
    }
}

TEST(chunk, writes_through_to_the_array) {
  tequio::shared_array<int> items(10);
  for (int& item : tequio::chunk(items, 1, 2)) item = 7;
  EXPECT_EQ(items[4], 0);
  EXPECT_EQ(items[5], 7);
  static_assert(std::same_as<decltype(tequio::chunk(items, 0, 2)), std::span<int>>);
  static_assert(std::same_as<decltype(tequio::chunk(std::as_const(items), 0, 2)), std::span<const int>>);
}

}  // namespace
