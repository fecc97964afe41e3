// SPDX-License-Identifier: MIT
#include "tequio/shared_value.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/engine.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::lock_state;
using tequio::shared_value;
using tequio::test::in_child;

class shared_value_test : public tequio::test::leak_checked {};
using shared_value_in_processes = tequio::test::processes_test;

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

TEST_F(shared_value_in_processes, no_addition_is_lost) {
  shared_value<double> total{0.0};
  tequio::processes(4).for_each(std::views::iota(0, 40'000), [&](int) {
    auto v = total.lock();
    *v += 0.5;
  });
  EXPECT_EQ(total.load(), 20'000.0);
}

TEST_F(shared_value_in_processes, the_death_of_an_owner_is_told_until_the_value_is_mended) {
  shared_value<long> total{10};
  EXPECT_EQ(in_child([&] {
              auto v = total.lock();
              *v = -1;
              return ::raise(SIGKILL);
            }),
            1000 + SIGKILL);
  EXPECT_THROW(static_cast<void>(total.lock()), tequio::owner_died);
  EXPECT_THROW(static_cast<void>(total.try_lock()), tequio::owner_died);
  EXPECT_THROW(total.with([](long&) {}), tequio::owner_died);
  EXPECT_THROW(static_cast<void>(total.load()), tequio::owner_died);
  {
    auto v = total.lock_or_recover();
    EXPECT_EQ(v.state(), lock_state::acquired_from_dead_owner);
    EXPECT_EQ(*v, -1);
    *v = 10;
  }
  EXPECT_EQ(total.lock_or_recover().state(), lock_state::acquired);
  EXPECT_EQ(total.load(), 10);
}

}  // namespace
