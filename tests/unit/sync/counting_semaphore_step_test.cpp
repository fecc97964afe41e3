// SPDX-License-Identifier: MIT
// Users of a semaphore that are killed at every instruction.
#include <gtest/gtest.h>

#include <list>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"

namespace {

using tequio::counting_semaphore;

using counting_semaphore_deaths = tequio::test::stepped<>;

// Invariant of sync/watched_value.hpp: a change of the value reads the count of sleepers in the same instruction.
TEST_F(counting_semaphore_deaths, killed_in_release_it_has_released_all_or_nothing) {
  std::list<counting_semaphore> tries;
  std::vector<pid_t> sleepers;
  int released = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare =
          [&] {
            tries.emplace_back(0, 3);
            for (int i = 0; i < 2; ++i) {
              sleepers.push_back(tequio::test::fork_with([&] { return tries.back().acquire(), 0; }));
              tequio::test::await_sleep_of(sleepers.back());
            }
          },
      .operation = [&] { tries.back().release(3); },
      .check =
          [&](bool finished) {
            // with two asleep, one unit of three is left over for this
            const bool all = tries.back().try_acquire();
            EXPECT_TRUE(!finished || all);
            released += all ? 1 : 0;
            if (all) return;
            tequio::test::await_sleep_of(sleepers.back());  // which fails where it has ended
            tries.back().release(2);
          },
  });
  for (const pid_t sleeper : sleepers) EXPECT_EQ(tequio::test::status_of(sleeper), 0);
  for (const counting_semaphore& each : tries) EXPECT_EQ(each.value(), 0);
  EXPECT_GT(released, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - released, 5);
}

struct semaphore_try {
  counting_semaphore units{0};
  tequio::event other_is_through{};
  pid_t other = 0;  // 0: not started
};

// Invariant of sync/watched_value.hpp: the count is never below the number of sleepers; a death leaves it too high.
TEST_F(counting_semaphore_deaths, killed_in_acquire_it_has_its_unit_or_leaves_it_to_another_sleeper) {
  std::list<semaphore_try> tries;
  int taken = 0;
  int left = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(); },
      .operation = [&] { tries.back().units.acquire(); },
      .wake =
          [&] {
            // another waiter falls asleep behind it, so the unit's wake goes to the one that will be killed
            semaphore_try& now = tries.back();
            if (now.other == 0) {
              now.other = tequio::test::fork_with([&] {
                now.units.acquire();
                now.other_is_through.set();
                return 0;
              });
              tequio::test::await_sleep_of(now.other);
            }
            now.units.release();
          },
      .check =
          [&](bool finished) {
            semaphore_try& now = tries.back();
            EXPECT_TRUE(!finished || now.units.value() == 0);
            if (now.other == 0) return;
            // a unit that is left is for the other; the one that learns of the death gives back a unit that the dead
            // one had taken
            const bool gone = now.units.value() == 0 && !now.other_is_through.is_set();
            ++(gone ? taken : left);
            if (gone) now.units.release();
          },
  });
  for (const semaphore_try& each : tries) EXPECT_EQ(each.other == 0 ? 0 : tequio::test::status_of(each.other), 0);
  EXPECT_GT(left, 5);
  EXPECT_GT(taken, 0);
  EXPECT_GE(steps.sleeps, 1U);
}

}  // namespace
