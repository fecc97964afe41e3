// SPDX-License-Identifier: MIT
// An array that processes share: what one writes all see, under its lock or without, and a dead owner is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <ranges>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/chunk.hpp"
#include "tequio/engine.hpp"
#include "tequio/error.hpp"
#include "tequio/shared_array.hpp"

namespace {

using shared_array_in_processes = tequio::test::processes_test;

TEST_F(shared_array_in_processes, what_a_worker_writes_all_see) {
  tequio::shared_array<int> array(1'000'000);
  constexpr std::size_t parts = 3;
  for (std::size_t part = 0; part < parts; ++part)
    EXPECT_EQ(tequio::test::in_child([&] {
                for (int& item : tequio::chunk(array, part, parts)) item = static_cast<int>(part) + 1;
                return 0;
              }),
              0);
  EXPECT_EQ(array.front(), 1);
  EXPECT_EQ(array.back(), 3);
  EXPECT_EQ(std::count(array.begin(), array.end(), 2), 333'333);
}

TEST_F(shared_array_in_processes, engines_take_it_as_a_range) {
  tequio::shared_array<int> array(std::views::iota(0, 100'000));
  long sum = 4'999'950'000;
  for (const char* name : {"serial", "processes"}) {
    auto crew = tequio::any_engine::named(name, 2);
    EXPECT_EQ(crew.reduce(array, 0L, std::plus<>{}), sum) << name;
    crew.for_each(array, [](int& item) { ++item; });  // zero-copy: the caller's own array changes
    sum += 100'000;
  }
  EXPECT_EQ(array.back(), 100'001);
  const tequio::shared_array<double> tenths(100'000, 0.1);
  tequio::processes crew(2);
  EXPECT_EQ(crew.reduce(tenths, 0.0, std::plus<>{}), tequio::serial().reduce(tenths, 0.0, std::plus<>{}));
}

TEST_F(shared_array_in_processes, atomic_items_may_be_written_by_all) {
  tequio::shared_array<std::atomic<long>> counts(4);
  tequio::processes(4).for_each(std::views::iota(0, 10'000), [&](int item) { ++counts[item % 4U]; });
  for (const auto& count : counts) EXPECT_EQ(count, 2500);
}

TEST_F(shared_array_in_processes, its_lock_guards_items_that_several_write) {
  tequio::shared_array<long> totals(2);
  tequio::processes(4).for_each(std::views::iota(0, 10'000), [&](int item) {
    const auto held = totals.lock();
    totals[0] += 1;
    totals[1] += item;
  });
  EXPECT_EQ(totals[0], 10'000);
  EXPECT_EQ(totals[1], 49'995'000);
  const auto held = totals.lock();
  EXPECT_EQ(
      tequio::test::in_child([&] { return totals.try_lock_for(std::chrono::milliseconds(1)).owns_lock() ? 1 : 0; }), 0);
}

TEST_F(shared_array_in_processes, the_death_of_who_held_its_lock_is_told) {
  tequio::shared_array<long> totals(2);
  EXPECT_EQ(tequio::test::in_child([&] {
              const auto held = totals.lock();
              return ::raise(SIGKILL);
            }),
            1000 + SIGKILL);
  EXPECT_THROW(static_cast<void>(totals.lock()), tequio::owner_died);
  {
    const auto held = totals.lock_or_recover();
    EXPECT_TRUE(held.owns_lock());
    EXPECT_EQ(held.state(), tequio::lock_state::acquired_from_dead_owner);
    EXPECT_EQ(tequio::test::in_child([&] {
                const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
                return totals.try_lock().owns_lock() || totals.try_lock_until(soon).owns_lock() ||
                               totals.try_lock_or_recover_for(std::chrono::milliseconds(1)).owns_lock() ||
                               totals.try_lock_or_recover_until(soon).owns_lock()
                           ? 1
                           : 0;
              }),
              0);
  }
  EXPECT_TRUE(totals.lock().owns_lock());
  EXPECT_TRUE(totals.try_lock().owns_lock());
  tequio::array_lock held = totals.try_lock_or_recover_for(std::chrono::milliseconds(1));
  EXPECT_EQ(held.state(), tequio::lock_state::acquired);
  held.unlock();
  EXPECT_TRUE(totals.try_lock_until(std::chrono::steady_clock::now()).owns_lock());
}

}  // namespace
