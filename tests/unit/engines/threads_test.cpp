// SPDX-License-Identifier: MIT
// The promises of standing threads beyond those of all engines: which calls wait for them, and which do not.
#include "tequio/threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ranges>
#include <stdexcept>
#include <thread>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/processes.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::test::in_child;

class threads_test : public tequio::test::leak_checked {};

TEST_F(threads_test, exception_from_progress_leaves_no_thread_in_the_call) {
  tequio::threads crew(2);
  std::atomic<int> running = 0;
  const auto enough = [](const tequio::progress&) { throw std::runtime_error("enough"); };
  EXPECT_THROW(crew.for_each(std::views::iota(0, 4), {.chunk = 1, .progress = enough},
                             [&](int) {
                               ++running;
                               std::this_thread::sleep_for(200ms);
                               --running;
                             }),
               std::runtime_error);
  EXPECT_EQ(running.load(), 0);
  EXPECT_EQ(crew.map(std::views::iota(0, 3), [](int n) { return n; }), (std::vector{0, 1, 2}));
}

TEST_F(threads_test, two_crews_that_call_each_other_do_not_wait_for_ever) {
  tequio::threads one(2), two(2);
  const auto found = one.map(std::views::iota(0, 2), [&](int n) {
    return two
        .map(std::views::iota(n, n + 1),
             [&](int k) { return one.map(std::views::iota(k, k + 1), [](int m) { return m; }).front(); })
        .front();
  });
  EXPECT_EQ(found, (std::vector{0, 1}));
}

TEST_F(threads_test, crew_inherited_through_a_fork_runs_in_its_caller_and_joins_nobody) {
  if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
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
