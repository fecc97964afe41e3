// SPDX-License-Identifier: MIT
#include "tequio/counting_semaphore.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "support/kill/no_system_calls.hpp"
#include "support/workers/signal_storm.hpp"
#include "support/workers/test_workers.hpp"
#include "sync/look_again.hpp"
#include "tequio/error.hpp"
#include "tequio/event.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using tequio::counting_semaphore;
using tequio::test::require;
using tequio::test::test_workers;

class counting_semaphore_test : public tequio::test::leak_checked {};
class counting_semaphore_shared : public tequio::test::both_kinds_test {};
TEQUIO_TEST_WITH_BOTH(counting_semaphore_shared);

TEST_F(counting_semaphore_test, counts_that_cannot_be_are_errors) {
  EXPECT_THROW(counting_semaphore(-1), tequio::error);
  EXPECT_THROW(counting_semaphore(2, 1), tequio::error);
  EXPECT_THROW(counting_semaphore(0, 0), tequio::error);
  EXPECT_THROW(counting_semaphore(0, counting_semaphore::max() + 1), tequio::error);
}

TEST_F(counting_semaphore_test, released_above_its_most_is_an_error_and_releases_nothing) {
  counting_semaphore bounded(2, 2);
  EXPECT_THROW(bounded.release(), tequio::error);
  bounded.acquire();
  EXPECT_THROW(bounded.release(-1), tequio::error);
  try {
    bounded.release(2);
    FAIL() << "no error";
  } catch (const tequio::error& wrong) {
    EXPECT_STREQ(wrong.what(),
                 "counting_semaphore: release of 2 with 1 of 2 units free; release what was acquired, once");
  }
  EXPECT_EQ(bounded.value(), 1);
  bounded.release(0);
  bounded.release();
  EXPECT_EQ(bounded.value(), 2);
  counting_semaphore full(counting_semaphore::max());
  EXPECT_THROW(full.release(), tequio::error);
}

TEST_F(counting_semaphore_test, value_follows_each_operation) {
  counting_semaphore units(2);
  EXPECT_EQ(units.value(), 2);
  units.acquire();
  EXPECT_EQ(units.value(), 1);
  EXPECT_TRUE(units.try_acquire());
  EXPECT_EQ(units.value(), 0);
  EXPECT_FALSE(units.try_acquire());
  EXPECT_EQ(units.value(), 0);
  units.release();
  EXPECT_EQ(units.value(), 1);
  units.release(3);
  EXPECT_EQ(units.value(), 4);
}

TEST_F(counting_semaphore_test, time_that_has_passed_takes_nothing) {
  counting_semaphore units(0);
  EXPECT_FALSE(units.try_acquire_for(0ms));
  EXPECT_FALSE(units.try_acquire_for(-1h));
  EXPECT_FALSE(units.try_acquire_until(system_clock::now() - 1h));
  const auto start = steady_clock::now();
  EXPECT_FALSE(units.try_acquire_for(30ms));
  EXPECT_FALSE(units.try_acquire_until(steady_clock::now() + 150ms));
  EXPECT_FALSE(units.try_acquire_until(system_clock::now() + 30ms));
  EXPECT_GE(steady_clock::now() - start, 210ms);
  units.release();
  EXPECT_TRUE(units.try_acquire_for(-1h));
  EXPECT_EQ(units.value(), 0);
}

TEST_P(counting_semaphore_shared, each_unit_lets_one_sleeper_go) {
  counting_semaphore units(0);
  const tequio::test::shared_number through(0);
  test_workers workers(GetParam());
  workers.start(2, [&] {
    units.acquire();
    ++*through;
  });
  workers.start([&] {
    require(units.try_acquire_for(std::chrono::hours::max()), "longest wait");
    ++*through;
  });
  workers.await_sleep();
  units.release();
  while (*through != 1) std::this_thread::yield();
  std::this_thread::sleep_for(2 * tequio::detail::look_again);
  EXPECT_EQ(*through, 1);
  units.release(2);
  workers.join();
  EXPECT_EQ(*through, 3);
  EXPECT_EQ(units.value(), 0);
}

TEST_P(counting_semaphore_shared, never_more_inside_than_there_are_units) {
  counting_semaphore seats(2, 2);
  const tequio::test::shared_number inside(0), most(0);
  test_workers workers(GetParam());
  workers.start(4, [&] {
    for (int turn = 0; turn < 500; ++turn) {
      seats.acquire();
      const int now = ++*inside;
      for (int seen = *most; seen < now && !most->compare_exchange_weak(seen, now);) continue;
      --*inside;
      seats.release();
    }
  });
  workers.join();
  EXPECT_LE(*most, 2);
  EXPECT_EQ(seats.value(), 2);
}

TEST_P(counting_semaphore_shared, one_of_one_guards_data) {
  counting_semaphore only(1, 1);
  const tequio::detail::shared_object<long> sum(0);
  test_workers workers(GetParam());
  workers.start(3, [&] {
    for (int turn = 0; turn < 5000; ++turn) {
      only.acquire();
      ++*sum;
      only.release();
    }
  });
  workers.join();
  EXPECT_EQ(*sum, 15000);
}

TEST_P(counting_semaphore_shared, signals_every_millisecond_go_unnoticed) {
  counting_semaphore units(0);
  const tequio::test::shared_number timed_out(0);
  test_workers workers(GetParam());
  workers.start([&] {
    const tequio::test::signal_storm storm;
    const auto start = steady_clock::now();
    require(!units.try_acquire_for(50ms) && steady_clock::now() - start >= 50ms, "all the time");
    while (!storm.has_blown()) require(!units.try_acquire_for(10ms), "nobody has released one");
    *timed_out = 1;
    units.acquire();
  });
  while (*timed_out == 0) std::this_thread::yield();
  std::this_thread::sleep_for(30ms);
  EXPECT_EQ(units.value(), 0);
  units.release();
  workers.join();
  EXPECT_EQ(units.value(), 0);
}

TEST_F(counting_semaphore_test, makes_no_system_call_where_nobody_sleeps) {
  counting_semaphore units(1, 1);
  const int result =
      tequio::test::without_system_calls([] {},
                                         [&] {
                                           units.acquire();
                                           units.release();
                                           static_cast<void>(units.try_acquire() && !units.try_acquire());
                                           units.release();
                                         });
  if (result == 77) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(result, 0);
}

}  // namespace
