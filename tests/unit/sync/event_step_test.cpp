// SPDX-License-Identifier: MIT
// Users of an event that are killed at every instruction.
#include <gtest/gtest.h>

#include <chrono>
#include <list>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/event.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::event;

class event_deaths : public tequio::test::stepped<> {
 protected:
  event m_bell;
};

// Each try has an event of its own, so that the sleepers' looks need not be awaited one after the other.
// Invariant of sync/watched_value.hpp: a change of the value reads the count of sleepers in the same instruction.
TEST_F(event_deaths, killed_in_set_it_has_woken_the_sleeper_or_not_set_it) {
  std::list<event> bells;
  std::vector<pid_t> sleepers;
  int sets = 0;
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare =
          [&] {
            bells.emplace_back();
            sleepers.push_back(tequio::test::fork_with([&] { return bells.back().wait(), 0; }));
            tequio::test::await_sleep_of(sleepers.back());
          },
      .operation = [&] { bells.back().set(); },
      .check =
          [&](bool finished) {
            const bool set = bells.back().is_set();
            EXPECT_TRUE(!finished || set);
            sets += set ? 1 : 0;
            if (set) return;
            tequio::test::await_sleep_of(sleepers.back());  // which fails where it has ended
            bells.back().set();
          },
  });
  for (const pid_t sleeper : sleepers) EXPECT_EQ(tequio::test::status_of(sleeper), 0);
  EXPECT_GT(sets, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - sets, 5);
}

// Invariant of sync/watched_value.hpp: the count is never below the number of sleepers; a death leaves it too high.
TEST_F(event_deaths, killed_in_a_wait_it_leaves_an_event_that_works) {
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { m_bell.clear(); },
      .operation = [&] { m_bell.wait(); },
      .wake = [&] { m_bell.set(); },
      .check =
          [&](bool finished) {
            EXPECT_TRUE(!finished || m_bell.is_set());
            m_bell.clear();
            const pid_t sleeper = tequio::test::fork_with([&] { return m_bell.wait(), 0; });
            tequio::test::await_sleep_of(sleeper);
            m_bell.set();
            EXPECT_EQ(tequio::test::status_of(sleeper), 0);
          },
  });
  EXPECT_GE(steps.sleeps, 1U);
}

TEST_F(event_deaths, killed_in_clear_it_is_set_or_clear) {
  const auto steps = tequio::test::kill_at_every_instruction({
      .prepare = [&] { m_bell.set(); },
      .operation = [&] { m_bell.clear(); },
      .check =
          [&](bool finished) {
            EXPECT_TRUE(!finished || !m_bell.is_set());
            m_bell.set();
            EXPECT_TRUE(m_bell.wait_for(0ms));
            m_bell.clear();
            EXPECT_FALSE(m_bell.wait_for(0ms));
          },
  });
  EXPECT_GT(steps.kills, 5U);
}

}  // namespace
