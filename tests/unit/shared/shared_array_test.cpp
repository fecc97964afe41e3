// SPDX-License-Identifier: MIT
#include "tequio/shared_array.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <complex>
#include <csignal>
#include <forward_list>
#include <functional>
#include <numeric>
#include <string>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/chunk.hpp"
#include "tequio/engine.hpp"
#include "tequio/error.hpp"

namespace {

class shared_array_test : public tequio::test::leak_checked {};
using shared_array_in_processes = tequio::test::processes_test;

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
