// SPDX-License-Identifier: MIT
// Waits whose time has passed, killed at every instruction: a waiter behind them is woken.
#include <gtest/gtest.h>

#include <chrono>
#include <list>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/workers/guarded_int.hpp"
#include "sync/look_again.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"
#include "tequio/mutex.hpp"
#include "tequio/queue.hpp"
#include "tequio/recursive_mutex.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/shared_mutex.hpp"

namespace {

using namespace std::chrono_literals;

// For each kind of object: a wait that runs out of time, one without a time, and what ends the second.

template <class Lock>
struct held_lock {
  Lock lock;
  held_lock() { lock.lock(); }
  void wait_in_vain() { static_cast<void>(lock.try_lock_for(0ms)); }
  void wait() { lock.lock(); }
  void end_wait() { lock.unlock(); }
};

struct lock_held_for_writing {
  tequio::shared_mutex lock;
  lock_held_for_writing() { lock.lock(); }
  void wait_in_vain() { static_cast<void>(lock.try_lock_shared_for(0ms)); }
  void wait() { lock.lock_shared(); }
  void end_wait() { lock.unlock(); }
};

struct empty_semaphore {
  tequio::counting_semaphore units{0};
  void wait_in_vain() { static_cast<void>(units.try_acquire_for(0ms)); }
  void wait() { units.acquire(); }
  void end_wait() { units.release(); }
};

struct silent_event {
  tequio::event bell;
  void wait_in_vain() { static_cast<void>(bell.wait_for(0ms)); }
  void wait() { bell.wait(); }
  void end_wait() { bell.set(); }
};

struct closed_latch {
  tequio::latch left{1};
  void wait_in_vain() { static_cast<void>(left.wait_for(0ms)); }
  void wait() { left.wait(); }
  void end_wait() { left.count_down(); }
};

struct false_condition {
  tequio::condition_variable changed;
  tequio::test::guarded_int number;
  void wait_in_vain() {
    auto held = number.lock();
    static_cast<void>(changed.wait_for(held, 0ms));
  }
  void wait() {
    auto held = number.lock();
    changed.wait(held, [&] { return *number == 1; });
  }
  void end_wait() {
    number.set(1);
    changed.notify_one();
  }
};

struct same_value {
  tequio::shared_atomic<int> value{0};
  void wait_in_vain() { static_cast<void>(value.wait_for(0, 0ms)); }
  void wait() { value.wait(0); }
  void end_wait() {
    value = 1;
    value.notify_one();
  }
};

struct empty_queue {
  tequio::queue<int> queue{1};
  void wait_in_vain() { static_cast<void>(queue.pop_for(0ms)); }
  void wait() { EXPECT_TRUE(queue.pop()); }
  void end_wait() { EXPECT_TRUE(queue.push(1)); }
};

struct full_queue {
  tequio::queue<int> queue{1};
  full_queue() { EXPECT_TRUE(queue.push(1)); }
  void wait_in_vain() { static_cast<void>(queue.push_for(2, 0ms)); }
  void wait() { EXPECT_TRUE(queue.push(3)); }
  void end_wait() { EXPECT_EQ(queue.pop(), 1); }
};

template <class Thing>
using timed_out_step_test = tequio::test::stepped<>;

using things = ::testing::Types<held_lock<tequio::mutex>, held_lock<tequio::recursive_mutex>,
                                held_lock<tequio::shared_mutex>, lock_held_for_writing, empty_semaphore, silent_event,
                                closed_latch, false_condition, same_value, empty_queue, full_queue>;
TYPED_TEST_SUITE(timed_out_step_test, things);

TYPED_TEST(timed_out_step_test, killed_it_leaves_a_sleeper_that_is_woken) {
  // each try has its own, so that the sleepers' looks need not be awaited one after the other
  struct one_try {
    TypeParam thing{};
    pid_t sleeper = 0;
  };
  std::list<one_try> tries;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(); },
      .operation = [&] { tries.back().thing.wait_in_vain(); },
      .check =
          [&](bool) {
            one_try& now = tries.back();
            now.sleeper = tequio::test::fork_with([&] {
              tequio::detail::look_again = 1h;  // the dead one had no sleeper to wake
              return now.thing.wait(), 0;
            });
            tequio::test::await_sleep_of(now.sleeper);
            now.thing.end_wait();
          },
      .passes = 1,
  });
  for (const one_try& each : tries) EXPECT_EQ(tequio::test::status_of(each.sleeper), 0);
  EXPECT_GT(steps.kills, 30U);
}

}  // namespace
