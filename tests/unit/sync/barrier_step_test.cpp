// SPDX-License-Identifier: MIT
// Members of a barrier that are killed: at every instruction of every operation, with others asleep at it.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <list>
#include <thread>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/workers/test_workers.hpp"
#include "sync/look_again.hpp"
#include "tequio/barrier.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::barrier;
using tequio::broken_barrier;

constexpr int went_on = 0;
constexpr int heard_of_break = 7;

int wait_at(barrier& meeting) {
  try {
    meeting.arrive_and_wait();
    return went_on;
  } catch (const broken_barrier&) {
    return heard_of_break;
  }
}

// A barrier with one member asleep at it.
struct barrier_try {
  tequio::test::shared_number ends{0};
  barrier meeting;
  pid_t sleeper = 0;
  int expected_status = went_on;

  explicit barrier_try(bool completes, int members = 2)
      : meeting(members, completes ? std::function<void()>([this] { ++*ends; }) : nullptr) {
    sleeper = tequio::test::fork_with([this] { return wait_at(meeting); });
    tequio::test::await_sleep_of(sleeper);
  }
};

using barrier_deaths_test = tequio::test::stepped<>;

// Invariant of sync/barrier.cpp: every change is one instruction, so a death leaves none half done.
TEST_F(barrier_deaths_test, last_to_arrive_has_arrived_or_has_not) {
  std::list<barrier_try> tries;
  int arrived = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(false); },
      .operation = [&] { static_cast<void>(tries.back().meeting.arrive()); },
      .check =
          [&](bool finished) {
            barrier& meeting = tries.back().meeting;
            EXPECT_FALSE(meeting.broken());
            // one that can still complete the sleeper's phase completes its own otherwise
            const auto token = meeting.arrive();
            const bool ended_before = !meeting.wait_for(token, 0ms);
            EXPECT_TRUE(!finished || ended_before);
            arrived += ended_before ? 1 : 0;
          },
  });
  for (const barrier_try& each : tries) EXPECT_EQ(tequio::test::status_of(each.sleeper), went_on);
  EXPECT_GT(arrived, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - arrived, 5);
}

// Invariant of sync/barrier.cpp: a thread that gets the lock and still reads `completing` knows of a death.
TEST_F(barrier_deaths_test, last_to_arrive_with_a_completion_has_arrived_or_not_or_it_is_broken) {
  std::list<barrier_try> tries;
  int broken = 0;
  int arrived = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(true); },
      .operation = [&] { static_cast<void>(tries.back().meeting.arrive()); },
      .check =
          [&](bool finished) {
            barrier_try& now = tries.back();
            try {
              // waits where the dead one was inside the completion, and finds that out
              const auto token = now.meeting.arrive();
              const bool ended_before = !now.meeting.wait_for(token, 0ms);
              EXPECT_TRUE(!finished || ended_before);
              EXPECT_EQ(*now.ends, 1);
              arrived += ended_before ? 1 : 0;
            } catch (const broken_barrier&) {
              EXPECT_FALSE(finished);
              EXPECT_TRUE(now.meeting.broken());
              now.expected_status = heard_of_break;
              ++broken;
            }
          },
  });
  for (const barrier_try& each : tries) EXPECT_EQ(tequio::test::status_of(each.sleeper), each.expected_status);
  EXPECT_GT(broken, 5);
  EXPECT_GT(arrived, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - arrived - broken, 5);
}

// No other member comes: the sleepers find it out by themselves.
// Invariant of sync/barrier.cpp: a thread that gets the lock and still reads `completing` knows of a death.
TEST_F(barrier_deaths_test, sleepers_find_out_that_the_completion_died) {
  barrier meeting(3, [] { ::raise(SIGKILL); });
  const pid_t first = tequio::test::fork_with([&] { return wait_at(meeting); });
  const pid_t second = tequio::test::fork_with([&] { return wait_at(meeting); });
  tequio::test::await_sleep_of(first);
  tequio::test::await_sleep_of(second);
  const pid_t last = tequio::test::fork_with([&] { return wait_at(meeting); });
  EXPECT_EQ(tequio::test::status_of(last), 1000 + SIGKILL);
  EXPECT_EQ(tequio::test::status_of(first), heard_of_break);
  EXPECT_EQ(tequio::test::status_of(second), heard_of_break);
  EXPECT_TRUE(meeting.broken());
}

TEST_F(barrier_deaths_test, waiter_leaves_a_barrier_that_works) {
  for (const bool completes : {false, true}) {
    std::list<barrier_try> tries;
    const auto steps = tequio::test::kill_at_every_instruction({
        .prepare = [&] { tries.emplace_back(completes, 3); },
        .operation = [&] { tries.back().meeting.arrive_and_wait(); },
        .wake = [&] { static_cast<void>(tries.back().meeting.arrive()); },
        .check =
            [&](bool) {
              // the one that learns of the death
              barrier& meeting = tries.back().meeting;
              meeting.reset(1);
              EXPECT_TRUE(meeting.arrive_and_wait_for(0ms));
            },
    });
    for (const barrier_try& each : tries) {
      const int status = tequio::test::status_of(each.sleeper);
      EXPECT_TRUE(status == went_on || status == heard_of_break) << status;
    }
    EXPECT_GE(steps.sleeps, 1U);
  }
}

// Its time is over, so it breaks the phase; another one sleeps in it, a third never comes.
// Invariant of sync/barrier.cpp: every change is one instruction, so a death leaves none half done.
TEST_F(barrier_deaths_test, one_whose_time_is_over_has_broken_it_or_leaves_one_that_works) {
  for (const bool completes : {false, true}) {
    std::list<barrier_try> tries;
    int broken = 0;
    const auto steps = tequio::test::kill_at_every_instruction({
        .prepare = [&] { tries.emplace_back(completes, 3); },
        .operation = [&] { EXPECT_FALSE(tries.back().meeting.arrive_and_wait_for(0ms)); },
        .check =
            [&](bool finished) {
              barrier& meeting = tries.back().meeting;
              EXPECT_TRUE(!finished || meeting.broken());
              broken += meeting.broken() ? 1 : 0;
              meeting.reset(1);
              EXPECT_TRUE(meeting.arrive_and_wait_for(0ms));
            },
    });
    for (const barrier_try& each : tries) EXPECT_EQ(tequio::test::status_of(each.sleeper), heard_of_break);
    EXPECT_GT(broken, 5);
    EXPECT_GT(static_cast<int>(steps.kills) - broken, 5);
  }
}

// Invariant of sync/barrier.cpp: every change is one instruction, so a death leaves none half done.
TEST_F(barrier_deaths_test, one_who_breaks_or_mends_it_has_done_so_or_has_not) {
  for (void (*const operation)(barrier&) :
       {+[](barrier& meeting) { meeting.abort(); }, +[](barrier& meeting) { meeting.reset(); }}) {
    std::list<barrier_try> tries;
    bool completed = false;
    tequio::test::kill_at_every_instruction({
        .prepare = [&] { tries.emplace_back(false); },
        .operation = [&] { operation(tries.back().meeting); },
        .check = [&](bool finished) { completed = completed || finished; },
    });
    // those that were told have come out; the others can still be met
    std::this_thread::sleep_for(5 * tequio::detail::look_again);
    for (barrier_try& left : tries) {
      left.meeting.abort();
      EXPECT_EQ(tequio::test::status_of(left.sleeper), heard_of_break);
      left.meeting.reset(1);
      EXPECT_TRUE(left.meeting.arrive_and_wait_for(0ms));
    }
    EXPECT_TRUE(completed);
  }
}

// Invariant of sync/barrier.cpp: every change is one instruction, so a death leaves none half done.
TEST_F(barrier_deaths_test, one_who_drops_has_dropped_or_has_not) {
  std::list<barrier_try> tries;
  int dropped = 0;
  tequio::test::kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(false); },
      .operation = [&] { tries.back().meeting.arrive_and_drop(); },
      .check =
          [&](bool finished) {
            barrier& meeting = tries.back().meeting;
            const auto token = meeting.arrive();
            const bool has_dropped = meeting.wait_for(token, 0ms) && meeting.wait_for(meeting.arrive(), 0ms);
            EXPECT_TRUE(!finished || has_dropped);
            dropped += has_dropped ? 1 : 0;
          },
  });
  for (const barrier_try& each : tries) EXPECT_EQ(tequio::test::status_of(each.sleeper), went_on);
  EXPECT_GT(dropped, 5);
}

}  // namespace
