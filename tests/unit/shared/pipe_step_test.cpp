// SPDX-License-Identifier: MIT
// Pipes whose users are killed at every instruction of what queue_step_test does not have: the ways a conversation
// ends.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <list>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/pipe.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::test::await_sleep_of;
using tequio::test::fork_with;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

using pipe_step_test = tequio::test::stepped<>;

TEST_F(pipe_step_test, killed_in_close_both_ends_are_closed_or_the_other_side_hears_of_the_death) {
  struct one_try {
    tequio::pipe<int> talk{2};
    pid_t other = 0;
  };
  std::list<one_try> tries;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            one_try& now = tries.emplace_back();
            ASSERT_TRUE(now.talk.second.send(1));
            now.other = fork_with([&] { return now.talk.first.receive() == 1 && !now.talk.first.receive() ? 0 : 1; });
          },
      // the end is its own from here on
      .before = [&] { static_cast<void>(tries.back().talk.second.try_receive()); },
      .operation = [&] { tries.back().talk.second.close(); },
      .check =
          [&](bool finished) {
            auto& end = tries.back().talk.second;
            EXPECT_TRUE(!finished || (end.closed() && !end.send(2) && end.ended()));
          },
  });
  for (one_try& each : tries) {
    EXPECT_EQ(status_of(each.other), 0);
    EXPECT_TRUE(each.talk.second.ended());  // closed, or its other end's user has died
  }
  EXPECT_GT(steps.kills, 20U);
}

TEST_F(pipe_step_test, killed_in_hand_to_the_end_is_anothers_or_still_a_dead_ones) {
  tequio::pipe<int> talk(2);
  int still_its_own = 0;
  const auto steps = kill_at_every_instruction({
      .before = [&] { static_cast<void>(talk.second.try_receive()); },
      .operation = [&] { talk.second.hand_to(::getppid()); },
      .check =
          [&](bool finished) {
            const bool ended = talk.first.ended();
            EXPECT_FALSE(finished && ended);
            still_its_own += ended ? 1 : 0;
            EXPECT_TRUE(talk.second.send(3));
            EXPECT_EQ(talk.first.receive_for(10s), 3);
          },
  });
  EXPECT_GT(still_its_own, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - still_its_own, 0);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(pipe_step_test, killed_asleep_in_receive_and_after_it_was_woken) {
  tequio::pipe<int> talk(2);
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            while (talk.second.try_receive()) continue;
          },
      .operation = [&] { static_cast<void>(talk.second.receive()); },
      .wake = [&] { static_cast<void>(talk.first.try_send(5)); },
      .check =
          [&](bool finished) {
            if (const auto left = talk.second.try_receive()) {
              EXPECT_EQ(left, 5);
              EXPECT_FALSE(finished);
            }
            EXPECT_TRUE(talk.first.send_for(6, 10s));
            EXPECT_EQ(talk.second.receive_for(10s), 6);
          },
      .passes = 1,
  });
  EXPECT_GT(steps.sleeps, 0U);
}

}  // namespace
