// SPDX-License-Identifier: MIT
#include "tequio/shared_array.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <forward_list>
#include <functional>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "tequio/error.hpp"

namespace {

class shared_array_test : public tequio::test::leak_checked {};

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const tequio::error& refused) {
    return refused.what();
  }
  return "no error";
}

TEST_F(shared_array_test, more_than_there_is_names_the_figures) {
  const std::string all = refusal([] { tequio::shared_array<double> array(std::size_t{1} << 39); });
  // beside ThreadSanitizer's own memory there are fewer addresses than that
  const std::string why = tequio::test::thread_sanitizer ? "asked for, more than what is left of " : "wanted where ";
  EXPECT_NE(all.find("shared_array of 549755813888 items of 8 bytes: 4194304 MiB " + why), std::string::npos) << all;
  EXPECT_NE(all.find("free memory, or share fewer items"), std::string::npos) << all;
}

TEST_F(shared_array_test, a_negative_length_is_an_error) {
  int length = -1;
  EXPECT_NE(refusal([&] {
              tequio::shared_array<int> array(static_cast<std::size_t>(length));
            }).find("more bytes than there are addresses; check that its length was not negative"),
            std::string::npos);
}

TEST_F(shared_array_test, at_refuses_what_lies_outside) {
  tequio::shared_array<int> array(3);
  EXPECT_EQ(refusal([&] { array.at(3) = 1; }), "shared_array: item 3 asked for, of 3; items are counted from 0");
  EXPECT_EQ(refusal([&] { static_cast<void>(std::as_const(array).at(7)); }),
            "shared_array: item 7 asked for, of 3; items are counted from 0");
}

TEST_F(shared_array_test, made_from_a_length_a_value_a_list_or_a_range) {
  EXPECT_EQ(tequio::shared_array<int>(3)[2], 0);
  EXPECT_EQ(tequio::shared_array<int>(3, 5).at(2), 5);
  const tequio::shared_array listed{1.5, 2.5};
  EXPECT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.back(), 2.5);
  const tequio::shared_array copied(std::vector<int>{4, 5, 6});
  EXPECT_EQ(std::vector(copied.begin(), copied.end()), (std::vector<int>{4, 5, 6}));
  EXPECT_EQ(tequio::shared_array<long>(std::forward_list<int>{1, 2}).back(), 2);
  EXPECT_EQ(tequio::shared_array<long>(std::views::iota(0, 10)).back(), 9);
  EXPECT_TRUE(tequio::shared_array<int>(0).empty());
  EXPECT_EQ(tequio::shared_array<std::complex<double>>(2)[1], 0.0);
  const std::span<const int> seen(copied);
  EXPECT_EQ(seen.data(), copied.data());
}

TEST_F(shared_array_test, memory_used_before_is_zero_again) {
  for (const std::size_t count : {10U, 10'000U})
    for (int round = 0; round < 3; ++round) {
      tequio::shared_array<int> array(count);
      EXPECT_EQ(std::count(array.begin(), array.end(), 0), static_cast<std::ptrdiff_t>(count));
      std::ranges::fill(array, -1);
    }
}

}  // namespace
