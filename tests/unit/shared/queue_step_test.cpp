// SPDX-License-Identifier: MIT
// Queues and pipes whose users are killed at every instruction: never stuck, never a message torn, lost or doubled but
// the one that was on its way.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "sync/look_again.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/shared/message_ring.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/pipe.hpp"
#include "tequio/queue.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::test::await_sleep_of;
using tequio::test::fork_with;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

using queue_step_test = tequio::test::stepped<>;

// Too large to be a small message, so that it has a record.
using long_value = std::array<int, 12>;
long_value long_value_of(int i) {
  long_value all{};
  all.fill(i);
  return all;
}

template <class T>
void refill(tequio::queue<T>& queue, const std::vector<T>& content) {
  while (queue.try_pop()) continue;
  for (const T& value : content) ASSERT_TRUE(queue.try_push(value));
}

// What is in the queue, and that everybody can go on using it.
template <class T>
std::vector<T> content_of(tequio::queue<T>& queue, const T& another) {
  std::vector<T> found;
  while (auto value = queue.try_pop()) found.push_back(*value);
  EXPECT_TRUE(queue.push_for(another, 10s));
  EXPECT_EQ(queue.pop_for(10s), another);
  return found;
}

template <class T>
void kill_in_push(tequio::queue<T>& queue, const std::vector<T>& before, const T& pushed, const T& another) {
  std::vector<T> after = before;
  after.push_back(pushed);
  std::size_t not_in = 0;
  std::size_t in = 0;
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { refill(queue, before); },
      .operation = [&] { static_cast<void>(queue.push(pushed)); },
      .check =
          [&](bool finished) {
            const auto found = content_of(queue, another);
            EXPECT_TRUE((!finished && found == before) || found == after) << found.size();
            ++(found == after ? in : not_in);
          },
  });
  EXPECT_GT(not_in, 50U);
  EXPECT_GT(in, 10U);
  EXPECT_EQ(steps.kills, in + not_in);
}

template <class T>
void kill_in_pop(tequio::queue<T>& queue, const std::vector<T>& before, const T& another) {
  const std::vector<T> after(before.begin() + 1, before.end());
  std::size_t still_in = 0;
  std::size_t gone = 0;
  static_cast<void>(kill_at_every_instruction({
      .prepare = [&] { refill(queue, before); },
      .operation = [&] { static_cast<void>(queue.pop()); },
      .check =
          [&](bool finished) {
            const auto found = content_of(queue, another);
            EXPECT_TRUE((!finished && found == before) || found == after) << found.size();
            ++(found == after ? gone : still_in);
          },
  }));
  EXPECT_GT(still_in, 50U);
  EXPECT_GT(gone, 10U);
}

// Invariant of shared/message_ring.hpp: uncommitted bytes of a dead lock holder lie where the next holder writes.
TEST_F(queue_step_test, killed_in_a_push_of_a_small_value) {
  tequio::queue<int> queue(3);
  kill_in_push(queue, {1, 2}, 3, 9);
}

// Invariant of shared/message_ring.hpp: uncommitted bytes of a dead lock holder lie where the next holder writes.
TEST_F(queue_step_test, killed_in_a_pop_of_a_small_value) {
  tequio::queue<int> queue(3);
  kill_in_pop(queue, {1, 2, 3}, 9);
}

// Invariant of shared/message_ring.hpp: uncommitted bytes of a dead lock holder lie where the next holder writes.
TEST_F(queue_step_test, killed_in_a_push_of_a_serialised_value) {
  tequio::queue<long_value> queue(3);
  kill_in_push(queue, {long_value_of(1)}, long_value_of(2), long_value_of(9));
}

// Invariant of shared/message_ring.hpp: uncommitted bytes of a dead lock holder lie where the next holder writes.
TEST_F(queue_step_test, killed_in_a_pop_of_a_serialised_value) {
  tequio::queue<long_value> queue(3);
  kill_in_pop(queue, {long_value_of(1), long_value_of(2)}, long_value_of(9));
}

// Invariant of shared/message_ring.hpp: uncommitted bytes of a dead lock holder lie where the next holder writes.
TEST_F(queue_step_test, killed_in_a_push_that_is_the_first_to_need_memory) {
  std::optional<tequio::queue<std::string>> queue;
  const std::string word(40, 'w');
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { queue.emplace(3); },
      .operation = [&] { static_cast<void>(queue->push(word)); },
      .check =
          [&](bool finished) {
            const auto found = content_of(*queue, std::string("another"));
            EXPECT_TRUE((!finished && found.empty()) || found == std::vector{word});
          },
  });
  EXPECT_GT(steps.kills, 100U);
}

// A message that fills the memory that a queue keeps, except a few bytes.
const std::string nearly_all(1'048'500, 'l');

// Invariant of shared/message_ring.hpp: unread messages lie in their order, rising, in one lap or two.
TEST_F(queue_step_test, killed_in_a_push_for_which_the_ring_grows) {
  tequio::queue<std::string> queue(4);
  kill_in_push(queue, {nearly_all}, std::string(60, 't'), std::string("another"));
}

// Invariant of shared/message_ring.hpp: unread messages lie in their order, rising, in one lap or two.
TEST_F(queue_step_test, killed_in_a_pop_of_a_message_that_begins_a_new_lap) {
  tequio::queue<std::string> queue(4);
  const std::string page_and_more(3000, 'p');
  std::size_t gone = 0;
  std::size_t still_in = 0;
  static_cast<void>(kill_at_every_instruction({
      .prepare =
          [&] {
            refill(queue, {nearly_all, page_and_more, page_and_more});
            static_cast<void>(queue.pop());
            static_cast<void>(queue.pop());
          },
      .operation = [&] { static_cast<void>(queue.pop()); },
      .check =
          [&](bool finished) {
            const auto found = content_of(queue, std::string("another"));
            EXPECT_TRUE((!finished && found == std::vector{page_and_more}) || found.empty());
            ++(found.empty() ? gone : still_in);
          },
  }));
  EXPECT_GT(still_in, 50U);
  EXPECT_GT(gone, 10U);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(queue_step_test, killed_in_a_push_while_another_sleeps_in_pop) {
  tequio::queue<int> queue(2);
  pid_t sleeper = 0;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            sleeper = fork_with([&] { return queue.pop().value_or(99); });
            await_sleep_of(sleeper);
          },
      .operation = [&] { static_cast<void>(queue.push(7)); },
      .check =
          [&](bool finished) {
            // it was pushed or not; either way the sleeper gets what comes first
            EXPECT_TRUE(queue.push(8));
            const int got = status_of(sleeper);
            EXPECT_TRUE(got == 7 || (!finished && got == 8)) << got;
            const auto rest = queue.try_pop();
            EXPECT_EQ(rest, got == 7 ? std::optional(8) : std::nullopt);
          },
  });
  EXPECT_GT(steps.kills, 100U);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(queue_step_test, killed_in_a_pop_while_another_sleeps_in_push) {
  tequio::queue<int> queue(2);
  pid_t sleeper = 0;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            refill(queue, {1, 2});
            sleeper = fork_with([&] { return queue.push(3) ? 0 : 1; });
            await_sleep_of(sleeper);
          },
      .operation = [&] { static_cast<void>(queue.pop()); },
      .check =
          [&](bool finished) {
            // this pop wakes the sleeper if the dead one did not; else that takes 0.1 s
            const auto first = queue.pop_for(10s);
            EXPECT_TRUE(first == 2 || (!finished && first == 1));
            if (first == 1) {
              EXPECT_EQ(queue.pop_for(10s), 2);
            }
            EXPECT_EQ(queue.pop_for(10s), 3);
            EXPECT_EQ(status_of(sleeper), 0);
            EXPECT_TRUE(queue.empty());
          },
  });
  EXPECT_GT(steps.kills, 100U);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(queue_step_test, killed_asleep_in_pop_and_after_it_was_woken) {
  tequio::queue<int> queue(2);
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { refill(queue, {}); },
      .operation = [&] { static_cast<void>(queue.pop()); },
      .wake =
          [&] {
            if (queue.empty()) {
              EXPECT_TRUE(queue.push(5));
            }
          },
      .check =
          [&](bool finished) {
            const auto found = content_of(queue, 9);
            EXPECT_TRUE(found.empty() || (!finished && found == std::vector{5}));
          },
  });
  EXPECT_GT(steps.sleeps, 0U);
}

// Invariant of sync/sleepers.hpp: a change reaches a sleeper, by the waker or by the sleeper that was woken before.
TEST_F(queue_step_test, killed_asleep_in_push_and_after_it_was_woken) {
  tequio::queue<int> queue(2);
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            refill(queue, {1, 2});
          },
      .operation = [&] { static_cast<void>(queue.push(3)); },
      .wake = [&] { static_cast<void>(queue.try_pop()); },
      .check =
          [&](bool finished) {
            const auto found = content_of(queue, 9);
            EXPECT_TRUE(found.size() >= 2 || found == std::vector{2} || found == std::vector{3});
            EXPECT_TRUE(!finished || found.back() == 3);
          },
      .passes = 1,
  });
  EXPECT_GT(steps.sleeps, 0U);
}

// A large message went through, and a waiter for more gives its memory back after one look.
TEST_F(queue_step_test, killed_while_it_gives_memory_back) {
  using tequio::detail::message_ring;
  const tequio::detail::shared_object<message_ring> ring(tequio::detail::ring_shape{.capacity = 4});
  const std::vector<std::byte> large(nearly_all.size() + 100, std::byte{7});
  tequio::detail::message_buffer taken;
  const auto passes = [&](std::span<const std::byte> message) {
    EXPECT_EQ(ring->push(message, tequio::detail::at_once), tequio::detail::ring_result::done);
    EXPECT_EQ(ring->pop(taken, tequio::detail::at_once), tequio::detail::ring_result::done);
    EXPECT_TRUE(std::ranges::equal(taken.written(), message));
  };
  int sleeps = 0;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            while (ring->pop(taken, tequio::detail::at_once) == tequio::detail::ring_result::done) continue;
            passes(large);
            sleeps = 0;
          },
      // long enough for the stepped process to fall asleep at all
      .before = [] { tequio::detail::look_again = 30ms; },
      .operation = [&] { static_cast<void>(ring->wait(tequio::detail::no_deadline)); },
      // the first sleeps end by themselves
      .wake =
          [&] {
            if (++sleeps > 2) static_cast<void>(ring->push(std::span(large).first(10), tequio::detail::at_once));
          },
      .check =
          [&](bool) {
            while (ring->pop(taken, tequio::detail::at_once) == tequio::detail::ring_result::done) continue;
            passes(std::span(large).first(100));
          },
      .passes = 1,
  });
  EXPECT_GT(steps.sleeps, 1U);
}

TEST_F(queue_step_test, killed_in_close) {
  std::optional<tequio::queue<int>> queue;
  pid_t sleeper = 0;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            queue.emplace(2);
            sleeper = fork_with([&] { return queue->pop().value_or(99); });
            await_sleep_of(sleeper);
          },
      .operation = [&] { queue->close(); },
      .check =
          [&](bool finished) {
            const bool closed = queue->closed();
            EXPECT_TRUE(closed || !finished);
            EXPECT_EQ(queue->push(1), !closed);
            EXPECT_EQ(status_of(sleeper), closed ? 99 : 1);
          },
  });
  EXPECT_GT(steps.kills, 20U);
}

// Invariant of shared/message_ring.hpp: uncommitted bytes of a dead lock holder lie where the next holder writes.
TEST_F(queue_step_test, killed_in_send_and_receive_of_a_pipe) {
  tequio::pipe<int> talk(4);
  for (const bool sends : {true, false}) {
    const auto steps = kill_at_every_instruction({
        .prepare =
            [&] {
              while (talk.first.try_receive() || talk.second.try_receive()) continue;
              EXPECT_TRUE(talk.first.send(1));
            },
        .operation =
            [&] {
              if (sends)
                static_cast<void>(talk.second.send(2));
              else
                static_cast<void>(talk.second.receive());
            },
        .check =
            [&](bool finished) {
              const auto got = talk.first.try_receive();
              EXPECT_TRUE(!got || (sends && got == 2));
              EXPECT_TRUE(got || !finished || !sends);
              const auto rest = talk.second.try_receive();  // the end is this process's now
              EXPECT_TRUE(rest == 1 || (!sends && !rest));
              EXPECT_TRUE(talk.second.send(3));
              EXPECT_EQ(talk.first.receive_for(10s), 3);
            },
    });
    EXPECT_GT(steps.kills, 100U);
  }
}

}  // namespace
