// SPDX-License-Identifier: MIT
#include "tequio/shared_atomic.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "support/leak_check.hpp"

namespace {

using namespace std::chrono_literals;

class shared_atomic_test : public tequio::test::leak_checked {};

TEST_F(shared_atomic_test, waiting_ends_when_the_time_is_over_and_not_before) {
  const tequio::shared_atomic<int> value{3};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(value.wait_for(3, 150ms));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 150ms);
  EXPECT_FALSE(value.wait_for(3, -1s));
  EXPECT_TRUE(value.wait_for(4, -1s)) << "it differs already";
  EXPECT_FALSE(value.wait_until(3, std::chrono::system_clock::now() + 10ms));
}

TEST_F(shared_atomic_test, notify_all_wakes_all_threads) {
  tequio::shared_atomic<int> gate{0};
  tequio::shared_atomic<int> through{0};
  {
    std::vector<std::jthread> sleepers;
    for (int i = 0; i < 4; ++i)
      sleepers.emplace_back([&] {
        gate.wait(0);
        ++through;
      });
    gate = 1;
    gate.notify_all();
  }
  EXPECT_EQ(through, 4);
}

TEST_F(shared_atomic_test, has_the_members_of_std_atomic) {
  tequio::shared_atomic count{40U};
  EXPECT_EQ(count.fetch_add(2), 40U);
  EXPECT_EQ(count.exchange(5), 42U);
  unsigned expected = 4;
  EXPECT_FALSE(count.compare_exchange_strong(expected, 9));
  EXPECT_EQ(expected, 5U);
  EXPECT_TRUE(count.compare_exchange_strong(expected, 9));
  EXPECT_EQ(count += 3, 12U);
  EXPECT_EQ(count |= 1, 13U);
  EXPECT_EQ(count--, 13U);
  EXPECT_EQ(count.load(std::memory_order_relaxed), 12U);
  tequio::shared_atomic<double> sum;
  sum += 0.5;
  EXPECT_EQ(sum, 0.5);
  struct pair {
    int first = 1;
    int second = 2;
  };
  EXPECT_EQ(tequio::shared_atomic<pair>().load().second, 2);
}

// A handle is passed by reference: two of them for one value would be two owners.
static_assert(!std::is_copy_constructible_v<tequio::shared_atomic<int>> &&
              !std::is_move_constructible_v<tequio::shared_atomic<int>>);

}  // namespace
