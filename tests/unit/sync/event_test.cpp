// SPDX-License-Identifier: MIT
#include "tequio/event.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "support/kill/no_system_calls.hpp"
#include "support/workers/signal_storm.hpp"
#include "support/workers/test_workers.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using tequio::event;
using tequio::test::require;
using tequio::test::test_workers;

class event_test : public tequio::test::leak_checked {};
class event_shared : public tequio::test::both_kinds_test {};
TEQUIO_TEST_WITH_BOTH(event_shared);

TEST_F(event_test, is_not_set_at_first_and_no_time_is_no_wait) {
  const event bell;
  EXPECT_FALSE(bell.is_set());
  EXPECT_FALSE(bell.wait_for(0ms));
  EXPECT_FALSE(bell.wait_for(-1h));
  EXPECT_FALSE(bell.wait_for(std::chrono::hours::min()));
}

TEST_F(event_test, points_in_time_on_any_clock_that_are_past_are_no_wait) {
  const event bell;
  EXPECT_FALSE(bell.wait_until(steady_clock::now()));
  EXPECT_FALSE(bell.wait_until(system_clock::now() - 1h));
  EXPECT_FALSE(bell.wait_until(steady_clock::time_point::min()));
  EXPECT_FALSE(bell.wait_until(system_clock::time_point::min()));
}

TEST_F(event_test, waits_for_as_long_as_it_was_told) {
  const event bell;
  const auto start = steady_clock::now();
  EXPECT_FALSE(bell.wait_for(30ms));
  EXPECT_GE(steady_clock::now() - start, 30ms);
  EXPECT_FALSE(bell.wait_until(steady_clock::now() + 150ms));  // longer than a sleeper goes without a look
  EXPECT_FALSE(bell.wait_until(system_clock::now() + 30ms));
  EXPECT_GE(steady_clock::now() - start, 210ms);
}

TEST_F(event_test, stays_set_until_it_is_cleared) {
  event bell;
  bell.set();
  bell.set();
  bell.wait();
  EXPECT_TRUE(bell.wait_for(0ms));
  EXPECT_TRUE(bell.wait_until(system_clock::time_point::min()));
  bell.clear();
  bell.clear();
  EXPECT_FALSE(bell.is_set());
  EXPECT_FALSE(bell.wait_for(0ms));
}

TEST_P(event_shared, set_lets_everybody_go_who_waits) {
  event bell;
  test_workers waiting(GetParam());
  waiting.start(3, [&] { bell.wait(); });
  waiting.start([&] { require(bell.wait_for(std::chrono::hours::max()), "longest wait"); });
  waiting.start([&] { require(bell.wait_until(system_clock::time_point::max()), "latest point"); });
  waiting.start([&] {
    using days = std::chrono::time_point<system_clock, std::chrono::duration<long, std::ratio<86400>>>;
    require(bell.wait_until(days::max()), "point that no nanoseconds can tell");
  });
  waiting.await_sleep();
  bell.set();
}

// Where sleepers looked for the flag alone, this would leave them asleep.
TEST_P(event_shared, set_lets_everybody_go_even_when_it_is_cleared_at_once) {
  event bell;
  for (int round = 0; round < 20; ++round) {
    test_workers waiting(GetParam());
    waiting.start(2, [&] { bell.wait(); });
    waiting.await_sleep();
    bell.set();
    bell.clear();
  }
}

TEST_P(event_shared, what_was_written_before_set_is_read_after_wait) {
  const tequio::detail::shared_object<int> data(0);
  event bell;
  test_workers waiting(GetParam());
  waiting.start(2, [&] {
    bell.wait();
    require(*data == 7, "the data");
  });
  *data = 7;
  bell.set();
}

TEST_P(event_shared, signals_every_millisecond_go_unnoticed) {
  event bell;
  const tequio::test::shared_number timed_out(0);
  test_workers waiting(GetParam());
  waiting.start([&] {
    const tequio::test::signal_storm storm;
    const auto start = steady_clock::now();
    require(!bell.wait_for(50ms), "nobody has set it");
    require(steady_clock::now() - start >= 50ms, "all the time");
    while (!storm.has_blown()) require(!bell.wait_for(10ms), "nobody has set it");
    *timed_out = 1;
    bell.wait();
    require(bell.is_set(), "set");
  });
  while (*timed_out == 0) std::this_thread::yield();
  std::this_thread::sleep_for(30ms);
  bell.set();
}

TEST_F(event_test, makes_no_system_call_where_nobody_sleeps) {
  event bell;
  const int result = tequio::test::without_system_calls([] {},
                                                        [&] {
                                                          bell.set();
                                                          bell.wait();
                                                          bell.clear();
                                                          bell.set();
                                                        });
  if (result == 77) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(result, 0);
}

}  // namespace
