// SPDX-License-Identifier: MIT
#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <set>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"

namespace {

using tequio::test::kill_at_every_instruction;

struct two_words {
  std::atomic<std::uint32_t> first{0};
  std::atomic<std::uint32_t> second{0};
};

class step_killer_test : public tequio::test::stepped<> {
 protected:
  void clear() const {
    m_words->first = 0;
    m_words->second = 0;
  }
  two_words& words() const { return *m_words; }

 private:
  tequio::detail::shared_object<two_words> m_words;
};

TEST_F(step_killer_test, sees_every_state_between_two_stores) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { clear(); },
      .operation =
          [&] {
            words().first = 1;
            words().second = 1;
          },
      .check =
          [&](bool finished) {
            seen.emplace(words().first, words().second);
            EXPECT_TRUE(!finished || words().second == 1);
          },
  });
  EXPECT_EQ(seen, (std::set<std::pair<std::uint32_t, std::uint32_t>>{{0, 0}, {1, 0}, {1, 1}}));
  EXPECT_EQ(steps.kills, steps.instructions + 1);
  EXPECT_EQ(steps.sleeps, 0U);
}

TEST_F(step_killer_test, without_a_wake_a_sleep_is_the_end) {
  bool ever_finished = false;
  const auto steps = kill_at_every_instruction({
      .operation = [&] { tequio::detail::futex_wait(words().first, 0, tequio::detail::no_deadline); },
      .check = [&](bool finished) { ever_finished = ever_finished || finished; },
  });
  EXPECT_GE(steps.sleeps, 1U);
  EXPECT_FALSE(ever_finished);
}

TEST_F(step_killer_test, a_sleeper_is_killed_asleep_then_woken_then_behind_its_sleep) {
  std::multiset<std::uint32_t> seen;
  bool ever_finished = false;
  int wakes = 0;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { clear(); },
      .operation =
          [&] {
            tequio::detail::futex_wait(words().first, 0, tequio::detail::no_deadline);
            words().second = 1;
          },
      .wake =
          [&] {
            words().first = 1;
            tequio::detail::futex_wake(words().first, 1);
            ++wakes;
          },
      .check =
          [&](bool finished) {
            seen.insert(words().first * 10 + words().second);
            ever_finished = ever_finished || finished;
          },
  });
  EXPECT_GE(steps.sleeps, 1U);
  EXPECT_GE(steps.kills, steps.instructions + 2);  // asleep and woken are two at one place
  EXPECT_GT(seen.count(0), 10U);
  EXPECT_GT(seen.count(10), 5U);
  EXPECT_GE(seen.count(11), 1U);
  EXPECT_TRUE(ever_finished);
  EXPECT_GT(wakes, 10);
}

TEST_F(step_killer_test, a_loop_is_a_place_for_some_passes_only) {
  const auto steps = kill_at_every_instruction({
      .operation =
          [&] {
            for (int pass = 0; pass < 200; ++pass) words().first = 1;
          },
  });
  EXPECT_LT(steps.kills, steps.instructions / 10);
  EXPECT_GT(steps.instructions, 200U * 3);  // of each pass: store, count, compare and jump
}

TEST_F(step_killer_test, a_process_that_waits_is_known_to_sleep) {
  const pid_t waiter = tequio::test::fork_with([&] {
    tequio::detail::futex_wait(words().first, 0, tequio::detail::no_deadline);
    return 7;
  });
  tequio::test::await_sleep_of(waiter);
  tequio::detail::futex_wake(words().first, 1);
  EXPECT_EQ(tequio::test::status_of(waiter), 7);
}

}  // namespace
