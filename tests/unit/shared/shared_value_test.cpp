// SPDX-License-Identifier: MIT
#include "tequio/shared_value.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "support/leak_check.hpp"
#include "tequio/condition_variable.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::shared_value;

class shared_value_test : public tequio::test::leak_checked {};

// There is no way to the value but under the lock.
template <class V>
concept has_unlocked_access = requires(V value) {
  *value;
}
|| requires(V value) { value.get(); }
|| requires(V value) { value += 1; }
|| requires(V value) { value = 1; }
|| requires(V value) { ++value; }
|| std::is_convertible_v<V&, long> || requires(V value) { value.value(); }
|| requires(V value) { value.value; };
static_assert(!has_unlocked_access<shared_value<long>>);
static_assert(!std::is_copy_constructible_v<shared_value<long>> && !std::is_move_constructible_v<shared_value<long>>);
static_assert(!std::is_copy_constructible_v<shared_value<long>::guard>);

TEST_F(shared_value_test, a_guard_that_is_not_locked_gives_nothing) {
  shared_value<long> number{5};
  auto first = number.lock();
  std::jthread second([&] {
    auto none = number.try_lock();
    EXPECT_FALSE(none);
    EXPECT_THROW(*none = 6, tequio::error);
    EXPECT_FALSE(number.try_lock_for(20ms));
    EXPECT_FALSE(number.try_lock_until(std::chrono::steady_clock::now()));
    EXPECT_FALSE(number.try_lock_or_recover_for(1ms));
  });
  second.join();
  first.unlock();
  EXPECT_THROW(static_cast<void>(*first), tequio::error);
  EXPECT_THROW(first.unlock(), tequio::error);
  first.lock();
  EXPECT_EQ(*first, 5);
}

TEST_F(shared_value_test, locking_twice_in_one_thread_is_an_error) {
  shared_value<long> number(0, "total");
  const auto held = number.lock();
  try {
    static_cast<void>(number.lock());
    FAIL();
  } catch (const tequio::error& refused) {
    EXPECT_NE(std::string(refused.what()).find("'total'"), std::string::npos) << refused.what();
  }
}

TEST_F(shared_value_test, an_exception_unlocks) {
  shared_value<long> number;
  EXPECT_THROW(number.with([](long&) { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_TRUE(number.try_lock());
}

TEST_F(shared_value_test, with_returns_what_the_callable_returns) {
  struct totals {
    long count = 0;
    double sum = 0;
  };
  shared_value<totals> all;
  all.with([](totals& now) { now = {2, 5.0}; });
  EXPECT_EQ(all.with([](const totals& now) { return now.sum / 2; }), 2.5);
  EXPECT_EQ(all.lock()->count, 2);
  all.store({3, 1.0});
  EXPECT_EQ(all.load().count, 3);
}

TEST_F(shared_value_test, no_addition_of_a_thread_is_lost) {
  shared_value<long> total;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 10'000; ++n) *total.lock() += 1;
      });
  }
  EXPECT_EQ(total.load(), 40'000);
}

TEST_F(shared_value_test, a_condition_variable_takes_its_guard) {
  shared_value<int> turn{0};
  tequio::condition_variable changed;
  const std::jthread other([&] {
    *turn.lock() = 1;
    changed.notify_all();
  });
  auto now = turn.lock();
  changed.wait(now, [&] { return *now == 1; });
  EXPECT_EQ(*now, 1);
}

}  // namespace
