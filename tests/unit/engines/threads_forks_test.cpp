// SPDX-License-Identifier: MIT
// Standing threads that a forked process inherits.
#include "tequio/threads.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <ranges>
#include <vector>

#include "support/leak_check.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/processes.hpp"

namespace {

using tequio::test::in_child;

class threads_test : public tequio::test::leak_checked {};

TEST_F(threads_test, crew_inherited_through_a_fork_runs_in_its_caller_and_joins_nobody) {
  auto crew = std::make_unique<tequio::threads>(2);
  EXPECT_EQ(in_child([&] {
              const auto found = crew->map(std::views::iota(0, 3), [](int n) { return n; });
              crew.reset();
              return found == std::vector{0, 1, 2} ? 0 : 1;
            }),
            0);
  tequio::processes forked(2, {.forking = tequio::forking::at_any_time});
  const auto found = forked.map(std::views::iota(0, 4), [&](int n) {
    return crew->map(std::views::iota(n, n + 1), [](int k) { return k; }).front();
  });
  EXPECT_EQ(found, (std::vector{0, 1, 2, 3}));
}

}  // namespace
