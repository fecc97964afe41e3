// SPDX-License-Identifier: MIT
#include "tequio/interruption.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ranges>

#include "engines/stop_watch.hpp"
#include "support/leak_check.hpp"
#include "support/workers/in_child.hpp"
#include "system/interruption_hooks.hpp"
#include "tequio/processes.hpp"

namespace {

using tequio::verdict;
using tequio::test::in_child;

class interruption_test : public tequio::test::leak_checked {
 protected:
  void SetUp() override {
    leak_checked::SetUp();
    // a shell starts its background jobs with these ignored, and an interruption leaves ignored what was
    for (const int signal : {SIGINT, SIGHUP}) ::signal(signal, SIG_DFL);
  }
};

TEST_F(interruption_test, signal_in_the_instant_of_the_last_worker_s_death_is_no_endless_loop) {
  EXPECT_EQ(in_child([] {
              const tequio::interruption interrupted;
              ::signal(SIGCHLD, [](int) { ::raise(SIGINT); });
              const auto outcomes = tequio::processes(1).try_map(std::views::iota(0, 10), {.chunk = 10}, [](int n) {
                if (n == 3) ::raise(SIGKILL);
                return n;
              });
              return outcomes[9].verdict() == verdict::cancelled ? 0 : 1;
            }),
            0);
}

TEST_F(interruption_test, signal_to_the_whole_group_lets_items_in_hand_finish) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(in_child([&] {
                ::setpgid(0, 0);
                const tequio::interruption interrupted;
                const auto outcomes = tequio::processes(2).try_map(std::views::iota(0, 100), {.chunk = 1}, [&](int n) {
                  if (n == 10) ::kill(0, signal);
                  ::usleep(2000);
                  return n;
                });
                const bool died = std::ranges::any_of(
                    outcomes, [](const auto& outcome) { return outcome.verdict() == verdict::died; });
                return !died && outcomes[10].has_value() && !outcomes[99].has_value() ? 0 : 1;
              }),
              0)
        << signal;
  }
}

TEST_F(interruption_test, second_signal_kills_the_workers_at_once) {
  EXPECT_EQ(in_child([] {
              const tequio::interruption interrupted;
              const pid_t caller = ::getpid();
              const auto outcomes = tequio::processes(2).try_map(
                  std::views::iota(0, 2), {.chunk = 1, .grace = std::chrono::hours(1)}, [&](int n) -> int {
                    if (n == 0) ::kill(caller, SIGINT), ::usleep(20000), ::kill(caller, SIGTERM);
                    for (;;) ::pause();
                  });
              return outcomes[0].verdict() == verdict::cancelled && outcomes[1].verdict() == verdict::cancelled ? 0 : 1;
            }),
            0);
}

// Else an engine inside a worker would hear its caller's signals, in its caller's place.
TEST_F(interruption_test, handlers_of_the_caller_s_do_not_run_in_its_workers) {
  EXPECT_EQ(in_child([] {
              ::signal(SIGTERM, [](int) { ::_exit(77); });
              const auto outcomes = tequio::processes(1).try_map(std::views::iota(0, 1), [](int n) {
                ::raise(SIGTERM);
                return n;
              });
              return outcomes[0].failure().signal == SIGTERM ? 0 : 1;
            }),
            0);
}

TEST_F(interruption_test, workers_do_not_share_it) {
  const tequio::interruption interrupted;
  ASSERT_GE(tequio::detail::interruption_descriptor(0), 0);
  const auto inside = tequio::processes(1).map(std::views::iota(0, 2),
                                               [](int seen) { return tequio::detail::interruption_descriptor(seen); });
  EXPECT_EQ(inside, (std::vector{-1, -1}));
}

// A descriptor that the first to wake up drained would leave the others asleep.
TEST_F(interruption_test, every_waiting_call_is_woken) {
  const tequio::interruption interrupted;
  tequio::detail::call_control first_call, second_call;
  const tequio::map_options options;
  tequio::detail::stop_watch first(options, first_call), second(options, second_call);
  ::raise(SIGINT);
  EXPECT_TRUE(first.requested());
  std::vector<pollfd> set;
  second.add_to(set);
  EXPECT_EQ(::poll(set.data(), set.size(), 0), 1);
  // a caller that knows of the first signal sleeps until the second
  set.clear();
  first.add_to(set);
  ASSERT_EQ(set.size(), 1U);
  EXPECT_EQ(::poll(set.data(), set.size(), 0), 0);
  ::raise(SIGTERM);
  EXPECT_EQ(::poll(set.data(), set.size(), 0), 1);
  EXPECT_TRUE(first.urgent());
}

}  // namespace
