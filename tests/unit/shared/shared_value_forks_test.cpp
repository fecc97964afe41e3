// SPDX-License-Identifier: MIT
// A value that processes share: no change is lost, and a dead owner is told.
#include <gtest/gtest.h>

#include <csignal>
#include <ranges>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/engine.hpp"
#include "tequio/shared_value.hpp"

namespace {

using tequio::lock_state;
using tequio::shared_value;
using tequio::test::in_child;

using shared_value_in_processes = tequio::test::processes_test;

TEST_F(shared_value_in_processes, no_addition_is_lost) {
  shared_value<double> total{0.0};
  tequio::processes(4).for_each(std::views::iota(0, 40'000), [&](int) {
    auto v = total.lock();
    *v += 0.5;
  });
  EXPECT_EQ(total.load(), 20'000.0);
}

TEST_F(shared_value_in_processes, the_death_of_an_owner_is_told_until_the_value_is_mended) {
  shared_value<long> total{10};
  EXPECT_EQ(in_child([&] {
              auto v = total.lock();
              *v = -1;
              return ::raise(SIGKILL);
            }),
            1000 + SIGKILL);
  EXPECT_THROW(static_cast<void>(total.lock()), tequio::owner_died);
  EXPECT_THROW(static_cast<void>(total.try_lock()), tequio::owner_died);
  EXPECT_THROW(total.with([](long&) {}), tequio::owner_died);
  EXPECT_THROW(static_cast<void>(total.load()), tequio::owner_died);
  {
    auto v = total.lock_or_recover();
    EXPECT_EQ(v.state(), lock_state::acquired_from_dead_owner);
    EXPECT_EQ(*v, -1);
    *v = 10;
  }
  EXPECT_EQ(total.lock_or_recover().state(), lock_state::acquired);
  EXPECT_EQ(total.load(), 10);
}

}  // namespace
