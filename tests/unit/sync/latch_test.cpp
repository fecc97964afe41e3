// SPDX-License-Identifier: MIT
#include "tequio/latch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

#include "support/kill/no_system_calls.hpp"
#include "support/workers/signal_storm.hpp"
#include "support/workers/test_workers.hpp"
#include "tequio/error.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using tequio::latch;
using tequio::test::require;
using tequio::test::test_workers;

class latch_test : public tequio::test::leak_checked {};
class latch_shared : public tequio::test::both_kinds_test {};
TEQUIO_TEST_WITH_BOTH(latch_shared);

TEST_F(latch_test, counts_that_cannot_be_are_errors) {
  EXPECT_THROW(latch(-1), tequio::error);
  EXPECT_THROW(latch(latch::max() + 1), tequio::error);
  EXPECT_FALSE(latch(latch::max()).try_wait());
}

TEST_F(latch_test, counted_below_zero_is_an_error_and_counts_nothing) {
  latch left(2);
  EXPECT_THROW(left.count_down(-1), tequio::error);
  EXPECT_THROW(left.arrive_and_wait(3), tequio::error);
  try {
    left.count_down(3);
    FAIL() << "no error";
  } catch (const tequio::error& wrong) {
    EXPECT_STREQ(wrong.what(), "latch: counted down by 3 with 2 left; make it with the number of those who count");
  }
  left.count_down(2);
  EXPECT_TRUE(left.try_wait());
  EXPECT_THROW(left.count_down(), tequio::error);
  left.count_down(0);
}

TEST_F(latch_test, nothing_to_count_is_no_wait) {
  latch none(0);
  none.wait();
  none.arrive_and_wait(0);
  EXPECT_TRUE(none.wait_for(-1h));
}

TEST_F(latch_test, time_that_has_passed_leaves_it_counted) {
  latch left(2);
  const auto start = steady_clock::now();
  EXPECT_FALSE(left.arrive_and_wait_for(30ms));
  EXPECT_GE(steady_clock::now() - start, 30ms);
  EXPECT_FALSE(left.wait_for(0ms));
  EXPECT_FALSE(left.wait_for(std::chrono::hours::min()));
  EXPECT_FALSE(left.wait_until(system_clock::time_point::min()));
  EXPECT_FALSE(left.wait_until(steady_clock::now() + 10ms));
  left.count_down();
  EXPECT_TRUE(left.wait_for(0ms));
}

TEST_P(latch_shared, opens_for_all_when_the_last_has_counted) {
  latch done(4);
  const tequio::test::shared_number counted(0);
  test_workers workers(GetParam());
  workers.start(2, [&] {
    done.wait();
    require(*counted == 4, "all have counted");
  });
  workers.start([&] { require(done.wait_for(std::chrono::hours::max()) && *counted == 4, "longest wait"); });
  workers.await_sleep();
  workers.start(4, [&] {
    ++*counted;
    done.arrive_and_wait();
    require(*counted == 4, "all have counted");
  });
}

TEST_P(latch_shared, what_was_written_before_the_count_is_read_after_the_wait) {
  const tequio::detail::shared_object<int> data(0);
  latch done(1);
  test_workers workers(GetParam());
  workers.start([&] {
    *data = 7;
    done.count_down();
  });
  done.wait();
  EXPECT_EQ(*data, 7);
}

TEST_P(latch_shared, signals_every_millisecond_go_unnoticed) {
  latch done(1);
  const tequio::test::shared_number timed_out(0);
  test_workers workers(GetParam());
  workers.start([&] {
    const tequio::test::signal_storm storm;
    const auto start = steady_clock::now();
    require(!done.wait_for(50ms) && steady_clock::now() - start >= 50ms, "all the time");
    while (!storm.has_blown()) require(!done.wait_for(10ms), "nobody has counted");
    *timed_out = 1;
    done.wait();
    require(done.try_wait(), "open");
  });
  while (*timed_out == 0) std::this_thread::yield();
  std::this_thread::sleep_for(30ms);
  done.count_down();
}

TEST_F(latch_test, arrival_has_times_and_the_value_tells_what_is_left) {
  tequio::latch gate(3);
  EXPECT_EQ(gate.value(), 3);
  EXPECT_FALSE(gate.arrive_and_wait_for(1ms));
  EXPECT_FALSE(gate.arrive_and_wait_until(std::chrono::system_clock::now() + 1ms));
  EXPECT_EQ(gate.value(), 1);
  EXPECT_TRUE(gate.arrive_and_wait_until(std::chrono::steady_clock::time_point::min()));
  EXPECT_EQ(gate.value(), 0);
}

// The waiter may be gone with the latch before the last count_down() has returned.
TEST_F(latch_test, may_be_destroyed_after_the_wait) {
  for (int round = 0; round < 200; ++round) {
    auto done = std::make_unique<latch>(1);
    std::thread counter([&left = *done] { left.count_down(); });
    done->wait();
    done.reset();
    counter.join();
  }
}

TEST_F(latch_test, makes_no_system_call_where_nobody_sleeps) {
  latch left(2);
  const int result = tequio::test::without_system_calls([] {},
                                                        [&] {
                                                          left.count_down();
                                                          left.arrive_and_wait();
                                                        });
  if (result == 77) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(result, 0);
}

}  // namespace
