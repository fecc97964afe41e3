// SPDX-License-Identifier: MIT
// Workers that can be stopped and are killed at every instruction of a wait, while another one sleeps.
#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/queue.hpp"

namespace {

using namespace std::chrono_literals;

using stop_stepped = tequio::test::stepped<>;

// Another one that waits gets the unit that comes, whatever became of the one that could be stopped.
// Invariant of sync/watched_value.hpp: the count is never below the number of sleepers; a death leaves it too high.
TEST_F(stop_stepped, killed_in_acquire_while_another_sleeps) {
  tequio::counting_semaphore units(0);
  pid_t other = 0;
  const std::stop_source never;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare =
          [&] {
            other = tequio::test::fork_with([&] { return units.try_acquire_for(20s) ? 0 : 1; });
            tequio::test::await_sleep_of(other);
          },
      .operation = [&] { static_cast<void>(units.acquire(never.get_token())); },
      .wake = [&] { units.release(2 - units.value()); },
      .check =
          [&](bool) {
            units.release();
            EXPECT_EQ(tequio::test::status_of(other), 0);
            while (units.try_acquire()) continue;
          },
      .passes = 1,
  });
  EXPECT_GT(steps.sleeps, 0U);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(stop_stepped, killed_in_a_pop_that_was_stopped_while_another_sleeps) {
  tequio::queue<int> numbers(2);
  pid_t other = 0;
  std::stop_source source;
  source.request_stop();
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare =
          [&] {
            other = tequio::test::fork_with([&] { return numbers.pop_for(20s).value_or(99); });
            tequio::test::await_sleep_of(other);
          },
      .operation = [&] { static_cast<void>(numbers.pop(source.get_token())); },
      .check =
          [&](bool) {
            EXPECT_TRUE(numbers.push(7));
            EXPECT_EQ(tequio::test::status_of(other), 7);
            EXPECT_TRUE(numbers.empty());
          },
      .passes = 1,
  });
  EXPECT_GT(steps.kills, 50U);
}

}  // namespace
