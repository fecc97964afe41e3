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

namespace {

using namespace std::chrono_literals;

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

}  // namespace
