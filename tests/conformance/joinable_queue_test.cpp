// SPDX-License-Identifier: MIT
// task_done() and join() of a queue, written once: for threads and processes, with 1, 2 and 4 workers, calm and in a
// storm of signals. Behaviours after CPython's test_queue.py and _TestQueue.test_task_done.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "support/workers/sharing.hpp"
#include "tequio/latch.hpp"
#include "tequio/queue.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"

namespace {

using namespace std::chrono_literals;
using joinable_queue = tequio::test::sharing;
TEQUIO_TEST_WITH_ALL_CREWS(joinable_queue);

constexpr int tasks = 500;

// Each worker pops until the queue is closed.
template <class T, class Work>
auto working(tequio::queue<T>& queue, const Work& work) {
  return [&](std::size_t) {
    for (const T& task : queue) {
      work(task);
      queue.task_done();
    }
    return 0;
  };
}

TEST_P(joinable_queue, join_returns_when_all_is_popped_and_declared_done) {
  tequio::queue<int> queue(10);
  tequio::shared_atomic<int> worked(0);
  crew().run(working(queue, [&](int) { worked += 1; }), [&] {
    for (int round = 1; round <= 5; ++round) {
      for (int i = 0; i < tasks; ++i) ASSERT_TRUE(queue.push(i));
      queue.join();
      EXPECT_EQ(worked.load(), round * tasks);
      EXPECT_EQ(queue.unfinished(), 0U);
    }
    queue.close();
  });
}

TEST_P(joinable_queue, what_a_task_pushes_before_it_is_done_is_waited_for) {
  tequio::queue<int> queue(10'000);
  tequio::shared_atomic<int> leaves(0);
  crew().run(working(queue,
                     [&](int height) {
                       if (height == 0) leaves += 1;
                       for (int child = 0; height > 0 && child < 2; ++child)
                         if (!queue.push(height - 1)) leaves = -10'000;
                     }),
             [&] {
               ASSERT_TRUE(queue.push(10));
               queue.join();
               EXPECT_EQ(leaves.load(), 1 << 10);
               queue.close();
             });
}

TEST_P(joinable_queue, all_who_join_return) {
  tequio::queue<std::string> queue(10);
  tequio::latch joining(workers());
  crew().run(
      [&](std::size_t) {
        joining.count_down();
        queue.join();
        return 0;
      },
      [&] {
        // pushed before they join, so that they have a task to wait for
        ASSERT_TRUE(queue.push("task"));
        joining.wait();
        ASSERT_TRUE(queue.pop());
        queue.task_done();
      });
}

TEST_P(joinable_queue, one_declaration_too_many_is_an_error_and_counts_for_nothing) {
  constexpr int many = 20'000;  // so many that the workers run at the same time
  tequio::queue<int> queue(many);
  tequio::shared_atomic<int> refused(0);
  for (int i = 0; i < many; ++i) ASSERT_TRUE(queue.push(i));
  EXPECT_THROW(queue.task_done(), tequio::error);  // nothing is popped yet
  for (int i = 0; i < many; ++i) ASSERT_TRUE(queue.pop());
  crew().run([&](std::size_t) {
    for (int i = 0; i < many; ++i) try {
        queue.task_done();
      } catch (const tequio::error&) {
        refused += 1;
      }
    return 0;
  });
  EXPECT_EQ(refused.load(), (workers() - 1) * many);
  EXPECT_EQ(queue.unfinished(), 0U);
  ASSERT_TRUE(queue.push(1));
  EXPECT_FALSE(queue.join_for(1ms));
}

TEST_P(joinable_queue, join_of_a_closed_queue_waits_for_what_it_still_holds) {
  tequio::queue<int> queue(10);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(queue.push(i));
  queue.close();
  EXPECT_FALSE(queue.join_for(1ms));
  EXPECT_FALSE(queue.join_until(std::chrono::system_clock::now() + 1ms));
  crew().run(working(queue, [](int) {}), [&] { queue.join(); });
  EXPECT_TRUE(queue.join_for(0ms));
}

}  // namespace
