// SPDX-License-Identifier: MIT
// What locks, waits, queues and shared values promise, written once: the same for threads and for processes, with 1, 2
// and 4 workers, also while a signal interrupts each of them every millisecond. Behaviours after CPython's
// _test_multiprocessing.py, by its classes.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <numeric>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "support/workers/sharing.hpp"
#include "tequio/barrier.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"
#include "tequio/mutex.hpp"
#include "tequio/queue.hpp"
#include "tequio/recursive_mutex.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/shared_mutex.hpp"
#include "tequio/shared_value.hpp"
#include "tequio/this_worker.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::test::sharing;

TEQUIO_TEST_WITH_ALL_CREWS(sharing);

// A plain variable that only a lock protects: under ThreadSanitizer a lock that does not is a report, elsewhere a sum
// that is too small.
struct counted {
  long value = 0;
};

constexpr long turns = 5000;

// _TestLock, _TestRLock

TEST_P(sharing, mutex_lets_no_update_be_lost) {
  tequio::mutex guard;
  tequio::shared_array<counted> number(1);
  crew().run([&](std::size_t) {
    for (long i = 0; i < turns; ++i) {
      const std::scoped_lock lock(guard);
      number[0].value += 1;
    }
    return 0;
  });
  EXPECT_EQ(number[0].value, workers() * turns);
}

TEST_P(sharing, mutex_held_by_another_is_not_to_be_had) {
  tequio::mutex guard;
  const std::unique_lock lock(guard);
  const auto tried = crew().run([&](std::size_t) { return guard.try_lock() || guard.try_lock_for(1ms) ? 1 : 0; });
  EXPECT_EQ(tried, std::vector<int>(GetParam().workers, 0));
}

TEST_P(sharing, mutex_released_by_who_does_not_hold_it_is_an_error) {
  tequio::mutex guard;
  const std::unique_lock lock(guard);
  const auto refused = crew().run([&](std::size_t) {
    try {
      guard.unlock();
      return 0;
    } catch (const tequio::error&) {
      return 1;
    }
  });
  EXPECT_EQ(refused, std::vector<int>(GetParam().workers, 1));
}

TEST_P(sharing, recursive_mutex_is_taken_as_often_as_given_back) {
  tequio::recursive_mutex guard;
  tequio::shared_array<counted> number(1);
  crew().run([&](std::size_t) {
    for (long i = 0; i < turns; ++i) {
      const std::scoped_lock outer(guard);
      const std::scoped_lock inner(guard);
      number[0].value += 1;
    }
    return 0;
  });
  EXPECT_EQ(number[0].value, workers() * turns);
}

TEST_P(sharing, two_locks_taken_in_any_order_do_not_deadlock) {
  tequio::mutex one;
  tequio::mutex other;
  tequio::shared_array<counted> number(1);
  crew().run([&](std::size_t index) {
    for (long i = 0; i < turns; ++i) {
      if (index % 2 == 0) {
        const std::scoped_lock lock(one, other);
        number[0].value += 1;
      } else {
        const std::scoped_lock lock(other, one);
        number[0].value += 1;
      }
    }
    return 0;
  });
  EXPECT_EQ(number[0].value, workers() * turns);
}

TEST_P(sharing, shared_mutex_readers_see_no_half_written_value) {
  tequio::shared_mutex guard;
  tequio::shared_array<counted> pair(2);
  const auto torn = crew().run([&](std::size_t index) {
    long wrong = 0;
    for (long i = 0; i < turns / 5; ++i) {
      if ((static_cast<std::size_t>(i) + index) % 4 == 0) {
        const std::scoped_lock lock(guard);
        pair[0].value += 1;
        pair[1].value += 1;
      } else {
        const std::shared_lock lock(guard);
        wrong += pair[0].value != pair[1].value ? 1 : 0;
      }
    }
    return wrong;
  });
  EXPECT_EQ(torn, std::vector<long>(GetParam().workers, 0));
  EXPECT_EQ(pair[0].value, workers() * turns / 5 / 4);
}

TEST_P(sharing, shared_mutex_is_read_by_all_at_once) {
  tequio::shared_mutex guard;
  tequio::barrier all_inside(GetParam().workers);
  crew().run([&](std::size_t) {
    const std::shared_lock lock(guard);
    all_inside.arrive_and_wait();  // only if every one of them holds it
    return 0;
  });
  EXPECT_TRUE(guard.try_lock());
  guard.unlock();
}

// _TestSemaphore

TEST_P(sharing, semaphore_lets_in_as_many_as_it_has_units) {
  tequio::counting_semaphore seats(2, 2);
  tequio::shared_atomic<int> inside(0);
  tequio::shared_atomic<int> most(0);
  crew().run([&](std::size_t) {
    for (int i = 0; i < 500; ++i) {
      seats.acquire();
      const int now = inside.fetch_add(1) + 1;
      for (int seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      inside.fetch_sub(1);
      seats.release();
    }
    return 0;
  });
  EXPECT_LE(most.load(), 2);
  EXPECT_TRUE(seats.try_acquire());
  EXPECT_TRUE(seats.try_acquire());
  EXPECT_FALSE(seats.try_acquire());
  seats.release(2);
  EXPECT_THROW(seats.release(), tequio::error);
}

// _TestEvent

TEST_P(sharing, event_releases_everybody_who_waits) {
  tequio::event whistle;
  tequio::latch waiting(static_cast<std::ptrdiff_t>(GetParam().workers));
  const auto seen = crew().run(
      [&](std::size_t) {
        const bool before = whistle.wait_for(0ms);
        waiting.count_down();
        whistle.wait();
        return before ? 0 : 1;
      },
      [&] {
        waiting.wait();
        whistle.set();
      });
  EXPECT_EQ(seen, std::vector<int>(GetParam().workers, 1));
  EXPECT_TRUE(whistle.is_set());
  whistle.clear();
  EXPECT_FALSE(whistle.wait_for(1ms));
}

// _TestCondition

TEST_P(sharing, condition_hands_every_unit_to_one_waiter) {
  tequio::mutex guard;
  tequio::condition_variable filled;
  tequio::shared_array<counted> stock(1);
  constexpr long each = 200;
  crew().run(
      [&](std::size_t) {
        for (long i = 0; i < each; ++i) {
          std::unique_lock lock(guard);
          filled.wait(lock, [&] { return stock[0].value > 0; });
          stock[0].value -= 1;
        }
        return 0;
      },
      [&] {
        for (long i = 0; i < workers() * each; ++i) {
          {
            const std::scoped_lock lock(guard);
            stock[0].value += 1;
          }
          filled.notify_one();
        }
      });
  EXPECT_EQ(stock[0].value, 0);
}

TEST_P(sharing, condition_wakes_all_who_wait) {
  tequio::mutex guard;
  tequio::condition_variable changed;
  tequio::shared_array<counted> state(2);  // how many wait; whether they may go
  crew().run(
      [&](std::size_t) {
        std::unique_lock lock(guard);
        state[0].value += 1;
        changed.notify_all();
        changed.wait(lock, [&] { return state[1].value == 1; });
        return 0;
      },
      [&] {
        std::unique_lock lock(guard);
        changed.wait(lock, [&] { return state[0].value == workers(); });
        state[1].value = 1;
        lock.unlock();
        changed.notify_all();
      });
}

TEST_P(sharing, condition_wait_that_nobody_ends_times_out_with_the_lock_held) {
  tequio::mutex guard;
  tequio::condition_variable never;
  const auto timed_out = crew().run([&](std::size_t) {
    std::unique_lock lock(guard);
    return !never.wait_for(lock, 2ms, [] { return false; }) && lock.owns_lock() ? 1 : 0;
  });
  EXPECT_EQ(timed_out, std::vector<int>(GetParam().workers, 1));
}

// _TestBarrier

TEST_P(sharing, barrier_keeps_a_thousand_rounds_together) {
  tequio::barrier round(GetParam().workers);
  tequio::shared_array<counted> progress(GetParam().workers);
  const auto apart = crew().run([&](std::size_t index) {
    long wrong = 0;
    for (long i = 0; i < 1000; ++i) {
      progress[index].value += 1;
      round.arrive_and_wait();
      for (const counted& other : progress) wrong += other.value != i + 1 ? 1 : 0;
      round.arrive_and_wait();
    }
    return wrong;
  });
  EXPECT_EQ(apart, std::vector<long>(GetParam().workers, 0));
}

TEST_P(sharing, barrier_that_one_never_reaches_is_broken_for_all) {
  tequio::barrier round(GetParam().workers + 1);
  const auto broken = crew().run([&](std::size_t index) {
    try {
      if (index == 0) return round.arrive_and_wait_for(1ms) ? 0 : 1;
      round.arrive_and_wait();
      return 0;
    } catch (const tequio::broken_barrier&) {
      return 1;
    }
  });
  EXPECT_EQ(broken, std::vector<int>(GetParam().workers, 1));
}

TEST_P(sharing, latch_opens_once_everybody_has_counted) {
  tequio::latch ready(static_cast<std::ptrdiff_t>(GetParam().workers));
  crew().run([&](std::size_t) {
    ready.arrive_and_wait();
    return 0;
  });
  EXPECT_TRUE(ready.try_wait());
}

// _TestQueue

TEST_P(sharing, queue_delivers_every_message_once_and_each_producers_in_order) {
  tequio::queue<std::pair<std::size_t, long>> messages(16);
  constexpr long each = 1000;
  std::vector<std::vector<long>> received(GetParam().workers);
  crew().run(
      [&](std::size_t index) {
        for (long i = 0; i < each; ++i) static_cast<void>(messages.push({index, i}));
        return 0;
      },
      [&] {
        for (long i = 0; i < workers() * each; ++i) {
          const auto message = messages.pop();
          ASSERT_TRUE(message);
          received[message->first].push_back(message->second);
        }
      });
  std::vector<long> expected(each);
  std::iota(expected.begin(), expected.end(), 0);
  for (const auto& from_one : received) EXPECT_EQ(from_one, expected);
  EXPECT_FALSE(messages.try_pop());
}

TEST_P(sharing, queue_that_is_closed_is_drained_and_then_ends) {
  tequio::queue<std::string> messages(4);
  const auto taken = crew().run(
      [&](std::size_t) {
        std::size_t characters = 0;
        while (const auto message = messages.pop()) characters += message->size();
        return characters;
      },
      [&] {
        for (std::size_t i = 0; i < 300; ++i) static_cast<void>(messages.push(std::string(i, 'x')));
        messages.close();
      });
  EXPECT_EQ(std::accumulate(taken.begin(), taken.end(), std::size_t{0}), 300U * 299 / 2);
}

// _TestValue, _TestArray

TEST_P(sharing, shared_value_is_reached_through_its_lock_only) {
  tequio::shared_value<counted> number;
  crew().run([&](std::size_t) {
    for (long i = 0; i < turns; ++i) number.lock()->value += 1;
    for (long i = 0; i < turns; ++i) number.with([](counted& one) { one.value += 1; });
    return 0;
  });
  EXPECT_EQ(number.lock()->value, 2 * workers() * turns);
}

TEST_P(sharing, shared_atomic_counts_without_a_lock) {
  tequio::shared_atomic<long> number(0);
  crew().run([&](std::size_t) {
    for (long i = 0; i < turns; ++i) number.fetch_add(1);
    return 0;
  });
  EXPECT_EQ(number.load(), workers() * turns);
}

TEST_P(sharing, shared_array_is_one_for_all) {
  tequio::shared_array<int> numbers(10'000);
  crew().run([&](std::size_t index) {
    for (std::size_t i = index; i < numbers.size(); i += GetParam().workers) numbers[i] = static_cast<int>(i);
    return 0;
  });
  std::vector<int> expected(numbers.size());
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_TRUE(std::ranges::equal(numbers, expected));
}

}  // namespace
