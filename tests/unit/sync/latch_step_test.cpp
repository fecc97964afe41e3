// SPDX-License-Identifier: MIT
// Users of a latch that are killed at every instruction.
#include <gtest/gtest.h>

#include <list>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/latch.hpp"

namespace {

using tequio::latch;

using latch_step_test = tequio::test::stepped<>;

// Invariant of sync/watched_value.hpp: a change of the value reads the count of sleepers in the same instruction.
TEST_F(latch_step_test, killed_in_count_down_it_has_counted_or_not) {
  std::list<latch> latches;
  std::vector<pid_t> sleepers;
  int counts = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare =
          [&] {
            latches.emplace_back(1);
            sleepers.push_back(tequio::test::fork_with([&] { return latches.back().wait(), 0; }));
            tequio::test::await_sleep_of(sleepers.back());
          },
      .operation = [&] { latches.back().count_down(); },
      .check =
          [&](bool finished) {
            const bool open = latches.back().try_wait();
            EXPECT_TRUE(!finished || open);
            counts += open ? 1 : 0;
            if (open) return;
            tequio::test::await_sleep_of(sleepers.back());  // which fails where it has ended
            latches.back().count_down();
          },
  });
  for (const pid_t sleeper : sleepers) EXPECT_EQ(tequio::test::status_of(sleeper), 0);
  EXPECT_GT(counts, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - counts, 5);
}

// Invariant of sync/watched_value.hpp: the count is never below the number of sleepers; a death leaves it too high.
TEST_F(latch_step_test, killed_in_arrive_and_wait_it_has_counted_or_not_and_the_others_go_on) {
  std::list<latch> latches;
  std::vector<pid_t> sleepers;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare =
          [&] {
            latches.emplace_back(2);
            sleepers.push_back(tequio::test::fork_with([&] { return latches.back().wait(), 0; }));
            tequio::test::await_sleep_of(sleepers.back());
          },
      .operation = [&] { latches.back().arrive_and_wait(); },
      .wake = [&] { latches.back().count_down(); },
      .check =
          [&](bool finished) {
            EXPECT_TRUE(!finished || latches.back().try_wait());
            for (int left = 0; !latches.back().try_wait() && left < 2; ++left) latches.back().count_down();
          },
  });
  for (const pid_t sleeper : sleepers) EXPECT_EQ(tequio::test::status_of(sleeper), 0);
  EXPECT_GE(steps.sleeps, 1U);
}

}  // namespace
