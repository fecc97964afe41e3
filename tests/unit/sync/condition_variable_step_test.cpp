// SPDX-License-Identifier: MIT
// Waiters and notifiers are killed at every instruction, with others asleep.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/workers/guarded_int.hpp"
#include "sync/look_again.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/mutex.hpp"
#include "tequio/shared_atomic.hpp"

namespace {

using tequio::condition_variable;
using tequio::test::guarded_int;

using condition_variable_deaths_test = tequio::test::stepped<>;

struct condition_try {
  condition_variable changed{};
  guarded_int number{};
  pid_t other = 0;  // 0: not started

  // Waits for a positive number and takes one off.
  void take_one() {
    auto held = number.lock();
    changed.wait(held, [this] { return *number > 0; });
    --*number;
  }
  void give_one() {
    {
      const auto held = number.lock();
      ++*number;
    }
    changed.notify_one();
  }
  void start_other() {
    other = tequio::test::fork_with([this] { return take_one(), 0; });
    tequio::test::await_sleep_of(other);
  }
};

TEST_F(condition_variable_deaths_test, mutex_whose_owner_died_meanwhile_is_not_held_after_the_wait) {
  condition_variable changed;
  tequio::mutex guard;
  const pid_t waiter = tequio::test::fork_with([&] {
    std::unique_lock held(guard);
    try {
      changed.wait(held);
    } catch (const tequio::owner_died&) {
      return held.owns_lock() ? 2 : 0;
    }
    return 1;
  });
  tequio::test::await_sleep_of(waiter);
  const pid_t owner = tequio::test::fork_with([&] {
    guard.lock();
    changed.notify_all();
    return 0;
  });
  EXPECT_EQ(tequio::test::status_of(owner), 0);
  EXPECT_EQ(tequio::test::status_of(waiter), 0);
}

// The waiter is stopped between its wake and the end of its wait.
TEST_F(condition_variable_deaths_test, may_be_destroyed_when_all_who_wait_are_notified) {
  auto changed = std::make_unique<condition_variable>();
  guarded_int number;
  const pid_t waiter = tequio::test::fork_with([&] {
    auto held = number.lock();
    changed->wait(held, [&] { return *number == 1; });
    return 0;
  });
  tequio::test::await_sleep_of(waiter);
  ::kill(waiter, SIGSTOP);
  int status = 0;
  EXPECT_EQ(::waitpid(waiter, &status, WUNTRACED), waiter);
  number.set(1);
  changed->notify_all();
  changed.reset();
  std::list<tequio::shared_atomic<std::uint64_t>> numbers;
  for (int i = 0; i < 100; ++i) numbers.emplace_back(0);
  ::kill(waiter, SIGCONT);
  EXPECT_EQ(tequio::test::status_of(waiter), 0);
  for (const auto& each : numbers) EXPECT_EQ(each.load(), 0U);
}

// Invariant of sync/watched_value.hpp: a change of the value reads the count of sleepers in the same instruction.
TEST_F(condition_variable_deaths_test, killed_in_a_notification_it_leaves_sleepers_that_hear_the_next) {
  for (void (condition_variable::*const notify)() noexcept :
       {&condition_variable::notify_one, &condition_variable::notify_all}) {
    std::list<condition_try> tries;
    bool completed = false;
    tequio::test::kill_at_every_instruction({
        .prepare =
            [&] {
              tries.emplace_back().start_other();
              tries.back().number.set(1);
            },
        .operation = [&] { (tries.back().changed.*notify)(); },
        .check = [&](bool finished) { completed = completed || finished; },
    });
    // those whose notification was complete, or lacked the wake only, hear of it without another
    const auto woken = [&] {
      return std::ranges::count_if(tries, [](const condition_try& each) { return each.number.get() == 0; });
    };
    while (woken() <= 5) std::this_thread::sleep_for(tequio::detail::look_again);
    std::this_thread::sleep_for(5 * tequio::detail::look_again);
    const auto alone = woken();
    for (condition_try& each : tries) {
      (each.changed.*notify)();
      EXPECT_EQ(tequio::test::status_of(each.other), 0);
    }
    EXPECT_TRUE(completed);
    EXPECT_LT(alone, static_cast<std::ptrdiff_t>(tries.size()));
  }
}

// Invariant of sync/watched_value.hpp: the count is never below the number of sleepers; a death leaves it too high.
TEST_F(condition_variable_deaths_test, killed_in_a_wait_it_leaves_its_notification_to_another_sleeper) {
  std::list<condition_try> tries;
  int left = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(); },
      .operation = [&] { tries.back().take_one(); },
      .wake =
          [&] {
            // another waiter falls asleep behind it, so the notification wakes the one that will be killed
            if (tries.back().other == 0) tries.back().start_other();
            tries.back().give_one();
          },
      .check =
          [&](bool) {
            condition_try& now = tries.back();
            if (now.other == 0) now.start_other();
            // what is left is the other's, without a further notification; else the dead one had taken it
            if (now.number.get() > 0) {
              ++left;
            } else {
              now.give_one();
            }
          },
  });
  for (const condition_try& each : tries) EXPECT_EQ(tequio::test::status_of(each.other), 0);
  EXPECT_GT(left, 5);
  EXPECT_GE(steps.sleeps, 1U);
}

}  // namespace
