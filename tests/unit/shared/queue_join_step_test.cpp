// SPDX-License-Identifier: MIT
// task_done() and join() of a queue whose users die. What holds for the living is conformance/joinable_queue_test.cpp.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <list>
#include <string>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/error.hpp"
#include "tequio/queue.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::test::await_sleep_of;
using tequio::test::fork_with;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

using queue_join_test = tequio::test::stepped<>;

TEST_F(queue_join_test, the_task_of_a_dead_consumer_is_declared_or_pushed_again_by_who_knows) {
  tequio::queue<std::string> queue(4);
  for (const char* task : {"one", "two"}) ASSERT_TRUE(queue.push(task));
  EXPECT_EQ(status_of(fork_with([&] {
              if (queue.pop() == "one") ::raise(SIGKILL);
              return 0;
            })),
            1000 + SIGKILL);
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.unfinished(), 2U);
  EXPECT_TRUE(queue.push("one"));  // first, so that no join finds all done in between
  queue.task_done();
  EXPECT_EQ(queue.unfinished(), 2U);
  for (const char* task : {"two", "one"}) {
    EXPECT_FALSE(queue.join_for(0ms));
    EXPECT_EQ(queue.pop(), task);
    queue.task_done();
  }
  queue.join();
  EXPECT_THROW(queue.task_done(), tequio::error);
}

// A queue with one task in work, and a process that may join it; each try has its own, so that the sleepers' looks need
// not be awaited one after the other.
struct join_try {
  tequio::queue<int> queue{2};
  pid_t joining = 0;  // 0: not started

  join_try() { EXPECT_TRUE(queue.push(1) && queue.pop()); }
  void start_joining() {
    joining = fork_with([this] { return queue.join(), 0; });
    await_sleep_of(joining);
  }
};

// Invariant of shared/message_ring.hpp: done <= popped <= pushed, and each only grows.
TEST_F(queue_join_test, killed_in_task_done_it_is_declared_or_not) {
  std::list<join_try> tries;
  int declared = 0;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back().start_joining(); },
      .operation = [&] { tries.back().queue.task_done(); },
      .check =
          [&](bool finished) {
            auto& queue = tries.back().queue;
            const bool done = queue.unfinished() == 0;
            EXPECT_TRUE(done || !finished);
            declared += done ? 1 : 0;
            if (done) return;
            await_sleep_of(tries.back().joining);  // which fails where it has ended
            queue.task_done();
          },
  });
  for (join_try& each : tries) {
    EXPECT_EQ(status_of(each.joining), 0);
    EXPECT_THROW(each.queue.task_done(), tequio::error);
  }
  EXPECT_GT(declared, 5);
  EXPECT_GT(static_cast<int>(steps.kills) - declared, 5);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(queue_join_test, killed_in_join_it_leaves_its_wake_to_another_sleeper) {
  std::list<join_try> tries;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { tries.emplace_back(); },
      .operation = [&] { tries.back().queue.join(); },
      .wake =
          [&] {
            if (tries.back().joining != 0) return;
            tries.back().start_joining();  // behind the one that will be killed
            tries.back().queue.task_done();
          },
      .check = [&](bool finished) { EXPECT_TRUE(!finished || tries.back().queue.unfinished() == 0); },
  });
  for (join_try& each : tries) {
    if (each.joining == 0) each.queue.task_done();
    EXPECT_EQ(each.joining == 0 ? 0 : status_of(each.joining), 0);
    EXPECT_TRUE(each.queue.join_for(0ms));
  }
  EXPECT_GE(steps.sleeps, 1U);
}

TEST_F(queue_join_test, killed_in_a_join_whose_time_is_over) {
  join_try now;
  const auto steps = kill_at_every_instruction({
      .operation = [&] { static_cast<void>(now.queue.join_for(0ms)); },
      .check =
          [&](bool) {
            EXPECT_EQ(now.queue.unfinished(), 1U);
            EXPECT_FALSE(now.queue.join_for(0ms));
            now.queue.task_done();
            EXPECT_TRUE(now.queue.join_for(0ms));
            ASSERT_TRUE(now.queue.push(1) && now.queue.pop());
          },
  });
  EXPECT_GT(steps.kills, 50U);
}

}  // namespace
