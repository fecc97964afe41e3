// SPDX-License-Identifier: MIT
#include "tequio/condition_variable.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support/kill/no_system_calls.hpp"
#include "support/workers/guarded_int.hpp"
#include "support/workers/signal_storm.hpp"
#include "support/workers/test_workers.hpp"
#include "sync/look_again.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using tequio::condition_variable;
using tequio::test::guarded_int;
using tequio::test::require;
using tequio::test::test_workers;

class condition_variable_test : public tequio::test::leak_checked {};
class condition_variable_shared : public tequio::test::both_kinds_test {};
TEQUIO_TEST_WITH_BOTH(condition_variable_shared);

TEST_F(condition_variable_test, wait_without_the_lock_is_the_lock_s_error) {
  condition_variable changed;
  std::mutex guard;
  std::unique_lock unheld(guard, std::defer_lock);
  EXPECT_THROW(changed.wait(unheld), std::system_error);
  EXPECT_FALSE(unheld.owns_lock());
}

TEST_F(condition_variable_test, lock_that_cannot_be_taken_again_is_not_held) {
  struct second_fails {
    int locks = 0;
    void lock() {
      if (++locks == 2) throw std::runtime_error("owner died");
    }
    void unlock() {}
  };
  condition_variable changed;
  second_fails guard;
  std::unique_lock held(guard);
  EXPECT_THROW(static_cast<void>(changed.wait_for(held, 1ms)), std::runtime_error);
  EXPECT_FALSE(held.owns_lock());
}

TEST_F(condition_variable_test, exception_of_the_condition_comes_out_with_the_lock_held) {
  condition_variable changed;
  const guarded_int number;
  auto held = number.lock();
  EXPECT_THROW(changed.wait(held, []() -> bool { throw std::runtime_error("condition"); }), std::runtime_error);
  EXPECT_TRUE(held.owns_lock());
}

TEST_F(condition_variable_test, time_that_has_passed_comes_back_with_the_lock_held) {
  condition_variable never;
  const guarded_int number;
  auto held = number.lock();
  EXPECT_EQ(never.wait_for(held, 0ms), std::cv_status::timeout);
  EXPECT_EQ(never.wait_for(held, -1h), std::cv_status::timeout);
  EXPECT_EQ(never.wait_until(held, system_clock::time_point::min()), std::cv_status::timeout);
  const auto start = steady_clock::now();
  EXPECT_EQ(never.wait_for(held, 30ms), std::cv_status::timeout);
  EXPECT_FALSE(never.wait_until(held, steady_clock::now() + 30ms, [] { return false; }));
  EXPECT_EQ(never.wait_until(held, system_clock::now() + 30ms), std::cv_status::timeout);
  EXPECT_GE(steady_clock::now() - start, 90ms);
  EXPECT_TRUE(held.owns_lock());
  // the condition is asked once more at the end
  int asked = 0;
  EXPECT_TRUE(never.wait_for(held, 1ms, [&] { return ++asked == 2; }));
}

// Each wait is notified before it sleeps.
TEST_F(condition_variable_test, notifications_without_end_do_not_make_the_time_longer) {
  struct notified_by_unlock {
    condition_variable* changed;
    void lock() {}
    void unlock() { changed->notify_all(); }
  };
  condition_variable changed;
  notified_by_unlock guard{&changed};
  const auto start = steady_clock::now();
  EXPECT_FALSE(changed.wait_for(guard, 30ms, [] { return false; }));
  EXPECT_GE(steady_clock::now() - start, 30ms);
  const auto until = system_clock::now() + 30ms;
  while (changed.wait_until(guard, until) == std::cv_status::no_timeout) continue;
  EXPECT_GE(steady_clock::now() - start, 60ms);
}

TEST_F(condition_variable_test, condition_that_holds_is_no_wait) {
  condition_variable changed;
  const guarded_int number;
  auto held = number.lock();
  changed.wait(held, [] { return true; });
  EXPECT_TRUE(changed.wait_for(held, -1h, [] { return true; }));
  EXPECT_TRUE(held.owns_lock());
}

TEST_F(condition_variable_test, notification_that_nobody_waits_for_is_not_kept) {
  condition_variable changed;
  const guarded_int number;
  changed.notify_one();
  changed.notify_all();
  auto held = number.lock();
  EXPECT_EQ(changed.wait_for(held, 1ms), std::cv_status::timeout);
}

TEST_F(condition_variable_test, notifications_that_nobody_waits_for_make_no_system_call) {
  condition_variable changed;
  const int result = tequio::test::without_system_calls([] {},
                                                        [&] {
                                                          changed.notify_one();
                                                          changed.notify_all();
                                                        });
  if (result == 77) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(result, 0);
}

TEST_P(condition_variable_shared, sleeper_does_not_return_without_a_notification) {
  condition_variable changed;
  const guarded_int returned;
  test_workers waiting(GetParam());
  waiting.start([&] {
    auto held = returned.lock();
    changed.wait(held);
    *returned = 1;
  });
  waiting.await_sleep();
  std::this_thread::sleep_for(3 * tequio::detail::look_again);
  EXPECT_EQ(returned.get(), 0);
  changed.notify_one();
  waiting.join();
  EXPECT_EQ(returned.get(), 1);
}

TEST_P(condition_variable_shared, notify_one_is_one_unit_for_one_waiter) {
  condition_variable filled;
  const guarded_int stock;
  const tequio::test::shared_number taken(0);
  test_workers waiting(GetParam());
  waiting.start(4, [&] {
    for (int i = 0; i < 250; ++i) {
      auto held = stock.lock();
      filled.wait(held, [&] { return *stock > 0; });
      --*stock;
      ++*taken;
    }
  });
  for (int i = 0; i < 1000; ++i) {
    {
      const auto held = stock.lock();
      ++*stock;
    }
    filled.notify_one();
  }
  waiting.join();
  EXPECT_EQ(*taken, 1000);
  EXPECT_EQ(stock.get(), 0);
}

TEST_P(condition_variable_shared, notify_one_as_often_as_there_are_waiters_wakes_all) {
  condition_variable changed;
  const guarded_int came;
  test_workers waiting(GetParam());
  waiting.start(4, [&] {
    auto held = came.lock();
    ++*came;
    changed.wait(held);
  });
  while (came.get() < 4) std::this_thread::yield();  // asleep, or about to be: they have given the lock back
  for (int i = 0; i < 4; ++i) changed.notify_one();
}

TEST_P(condition_variable_shared, notify_all_wakes_all) {
  condition_variable changed;
  const guarded_int go;
  test_workers waiting(GetParam());
  waiting.start(3, [&] {
    auto held = go.lock();
    changed.wait(held, [&] { return *go == 1; });
  });
  waiting.start([&] {
    auto held = go.lock();
    require(changed.wait_for(held, std::chrono::hours::max(), [&] { return *go == 1; }), "longest wait");
  });
  waiting.await_sleep();
  go.set(1);
  changed.notify_all();
}

TEST_P(condition_variable_shared, two_that_take_turns_lose_no_notification) {
  condition_variable changed;
  const guarded_int turn;
  test_workers players(GetParam());
  for (const int mine : {0, 1}) {
    players.start([&, mine] {
      for (int i = 0; i < 2000; ++i) {
        auto held = turn.lock();
        changed.wait(held, [&] { return *turn == mine; });
        *turn = 1 - mine;
        held.unlock();
        changed.notify_one();
      }
    });
  }
}

TEST_P(condition_variable_shared, wakes_meanwhile_do_not_make_the_time_longer_or_shorter) {
  condition_variable changed;
  const guarded_int number;
  test_workers waiting(GetParam());
  waiting.start([&] {
    auto held = number.lock();
    const auto start = steady_clock::now();
    require(!changed.wait_for(held, 60ms, [&] { return *number == 10; }), "it never comes to ten");
    require(steady_clock::now() - start >= 60ms, "all the time");
    require(held.owns_lock(), "the lock");
    *number = 20;
  });
  for (int i = 0; number.get() < 20; i = (i + 1) % 9) {
    {
      const auto held = number.lock();
      if (*number < 20) *number = i;
    }
    changed.notify_all();
    std::this_thread::sleep_for(5ms);
  }
}

TEST_P(condition_variable_shared, signals_every_millisecond_go_unnoticed) {
  condition_variable changed;
  const guarded_int go;
  const tequio::test::shared_number timed_out(0);
  test_workers waiting(GetParam());
  waiting.start([&] {
    const tequio::test::signal_storm storm;
    auto held = go.lock();
    const auto start = steady_clock::now();
    require(changed.wait_for(held, 50ms) == std::cv_status::timeout, "nobody notifies yet");
    require(steady_clock::now() - start >= 50ms, "all the time");
    while (!storm.has_blown()) require(changed.wait_for(held, 10ms) == std::cv_status::timeout, "nobody notifies yet");
    *timed_out = 1;
    changed.wait(held);  // from now on go.set() waits until it sleeps
    require(*go == 1, "the notification");
  });
  while (*timed_out == 0) std::this_thread::yield();
  std::this_thread::sleep_for(30ms);
  go.set(1);
  changed.notify_all();
}

TEST_F(condition_variable_test, stop_that_was_requested_is_no_wait) {
  condition_variable changed;
  const guarded_int number;
  auto held = number.lock();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(changed.wait(held, stop.get_token(), [] { return false; }));
  EXPECT_TRUE(changed.wait(held, stop.get_token(), [] { return true; }));
  EXPECT_FALSE(changed.wait_for(held, stop.get_token(), 1h, [] { return false; }));
  EXPECT_TRUE(held.owns_lock());
}

TEST_F(condition_variable_test, stop_ends_a_wait) {
  condition_variable changed;
  const guarded_int number;
  for (int round = 0; round < 200; ++round) {
    std::jthread waiting([&](const std::stop_token& stop) {
      auto held = number.lock();
      EXPECT_FALSE(changed.wait(held, stop, [] { return false; }));
      EXPECT_FALSE(changed.wait_until(held, stop, steady_clock::time_point::max(), [] { return false; }));
    });
    if (round % 2 == 0) std::this_thread::yield();
  }
}

TEST_F(condition_variable_test, stop_that_nobody_requests_leaves_condition_and_time) {
  condition_variable changed;
  const guarded_int number;
  const std::stop_source stop;
  auto held = number.lock();
  EXPECT_FALSE(changed.wait_for(held, stop.get_token(), 10ms, [] { return false; }));
  std::jthread other([&] {
    number.set(1);
    changed.notify_one();
  });
  EXPECT_TRUE(changed.wait(held, stop.get_token(), [&] { return *number == 1; }));
}

}  // namespace
