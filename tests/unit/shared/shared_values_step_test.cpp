// SPDX-License-Identifier: MIT
// shared_atomic, shared_value and shared_array, whose users are killed at every instruction: no sleeper is forgotten
// and no change is half done without being told.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <list>
#include <utility>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/shared_value.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::lock_state;
using tequio::shared_atomic;
using tequio::test::await_sleep_of;
using tequio::test::fork_with;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

using shared_values_step_test = tequio::test::stepped<>;

// Each try has a number of its own, so that the sleepers' looks need not be awaited one after the other.
struct atomic_try {
  shared_atomic<int> number{0};
  pid_t sleeper = 0;

  void start_sleeper() {
    sleeper = fork_with([this] { return number.wait(0), 0; });
    await_sleep_of(sleeper);
  }
};

// Invariant of shared_atomic.hpp: the sleeper sees the value, or its sleep the notice, or the notifier the sleeper.
TEST_F(shared_values_step_test, killed_between_its_change_and_its_notification_it_leaves_sleepers_that_see_the_change) {
  for (void (shared_atomic<int>::*const notify)() noexcept :
       {&shared_atomic<int>::notify_one, &shared_atomic<int>::notify_all}) {
    std::list<atomic_try> tries;
    int changed = 0;
    const auto steps = kill_at_every_instruction({
        .prepare = [&] { tries.emplace_back().start_sleeper(); },
        .operation =
            [&] {
              tries.back().number.store(1);
              (tries.back().number.*notify)();
            },
        .check =
            [&](bool finished) {
              atomic_try& now = tries.back();
              EXPECT_TRUE(!finished || now.number == 1);
              changed += now.number;
              if (now.number == 1) return;
              await_sleep_of(now.sleeper);  // which fails where it has ended
              now.number = 1;
              now.number.notify_one();
            },
    });
    for (const atomic_try& each : tries) EXPECT_EQ(status_of(each.sleeper), 0);
    EXPECT_GT(changed, 5);
    EXPECT_GT(static_cast<int>(steps.kills) - changed, 0);
  }
}

// Invariant of shared_atomic.hpp: the sleeper sees the value, or its sleep the notice, or the notifier the sleeper.
TEST_F(shared_values_step_test, killed_in_a_wait_it_leaves_another_sleeper_that_is_woken) {
  std::list<atomic_try> tries;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(); },
      .operation = [&] { tries.back().number.wait(0); },
      .wake =
          [&] {
            atomic_try& now = tries.back();
            // another waiter falls asleep behind it, so the notification wakes the one that will be killed
            if (now.sleeper == 0) now.start_sleeper();
            now.number = 1;
            now.number.notify_one();
          },
      .check =
          [&](bool finished) {
            atomic_try& now = tries.back();
            EXPECT_TRUE(!finished || now.number == 1);
            if (now.sleeper != 0) return;
            now.start_sleeper();
            now.number = 1;
            now.number.notify_one();
          },
  });
  for (const atomic_try& each : tries) EXPECT_EQ(status_of(each.sleeper), 0);
  EXPECT_GE(steps.sleeps, 1U);
}

// Two numbers that only belong together.
struct halves {
  long first = 0;
  long second = 0;
};

// A process that finds them different is told of a death.
void kill_in_change(const std::function<void()>& change, const std::function<std::pair<lock_state, halves>()>& take,
                    const std::function<void()>& reset) {
  int told = 0;
  const auto steps = kill_at_every_instruction({
      .prepare = reset,
      .operation = change,
      .check =
          [&](bool finished) {
            const auto [state, found] = take();
            told += state == lock_state::acquired_from_dead_owner ? 1 : 0;
            EXPECT_TRUE(found.first == found.second || state == lock_state::acquired_from_dead_owner);
            EXPECT_TRUE(!finished || (state == lock_state::acquired && found.second == 1));
            reset();  // as ever
          },
  });
  EXPECT_GT(told, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - told, 5);
}

// Invariant of sync/lock_outcome.cpp: the news of a death is never lost.
TEST_F(shared_values_step_test, killed_with_a_shared_values_lock_it_is_whole_or_its_death_is_told) {
  tequio::shared_value<halves> value;
  const auto take = [&] {
    const auto held = value.lock_or_recover();
    return std::pair(held.state(), *held);
  };
  const auto reset = [&] { value.store({}); };
  kill_in_change(
      [&] {
        const auto held = value.lock();
        held->first += 1;
        held->second += 1;
      },
      take, reset);
  kill_in_change(
      [&] {
        value.with([](halves& both) {
          both.first += 1;
          both.second += 1;
        });
      },
      take, reset);
}

// Invariant of sync/lock_outcome.cpp: the news of a death is never lost.
TEST_F(shared_values_step_test, killed_with_a_shared_arrays_lock_it_is_whole_or_its_death_is_told) {
  tequio::shared_array<long> values(2);
  const auto reset = [&] {
    const auto held = values.lock();
    values[0] = values[1] = 0;
  };
  kill_in_change(
      [&] {
        const auto held = values.lock();
        values[0] += 1;
        values[1] += 1;
      },
      [&] {
        lock_state state = lock_state::acquired;
        try {
          static_cast<void>(values.lock());
        } catch (const tequio::owner_died&) {
          state = lock_state::acquired_from_dead_owner;
        }
        const auto held = values.lock_or_recover();
        return std::pair(state, halves{values[0], values[1]});
      },
      reset);
}

}  // namespace
