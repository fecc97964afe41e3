// SPDX-License-Identifier: MIT
// The options of a call on `processes`, the engine that has all of them.
#include "tequio/map_options.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <ranges>
#include <stdexcept>

#include "support/leak_check.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/processes.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::verdict;

class map_options_test : public tequio::test::leak_checked {};

TEST_F(map_options_test, progress_counts_an_item_that_died_last) {
  tequio::progress last{};
  const auto outcomes = tequio::processes(1).try_map(
      std::views::iota(0, 10), {.progress = [&](const tequio::progress& now) { last = now; }}, [](int n) {
        if (n == 9) ::raise(SIGKILL);
        return n;
      });
  EXPECT_EQ(outcomes[9].verdict(), verdict::died);
  EXPECT_EQ(last.done, 10U);
}

TEST_F(map_options_test, timeout_is_for_each_try) {
  const auto outcomes =
      tequio::processes(1).try_map(std::views::iota(0, 1), {.timeout = 500ms, .retries = 2}, [](int) -> int {
        ::usleep(200'000);
        throw std::runtime_error("slow and bad");
      });
  EXPECT_EQ(outcomes[0].verdict(), verdict::error) << outcomes[0].failure().describe();
  EXPECT_EQ(outcomes[0].failure().attempts, 3U);
}

TEST_F(map_options_test, timeout_does_not_count_a_pause_of_the_whole_program) {
  EXPECT_EQ(tequio::test::in_child([] {
              ::setpgid(0, 0);
              const pid_t program = ::getpid();
              const auto outcomes = tequio::processes(1).try_map(std::views::iota(0, 1), {.timeout = 1s}, [&](int n) {
                if (::fork() == 0) {
                  ::setpgid(0, 0);
                  ::kill(-program, SIGSTOP);
                  ::usleep(2'500'000);
                  ::kill(-program, SIGCONT);
                  ::_exit(0);
                }
                for (int i = 0; i < 20; ++i) ::usleep(10'000);  // longer than the caller needs to look
                return n;
              });
              return outcomes[0].has_value() ? 0 : 1;
            }),
            0);
}

}  // namespace
