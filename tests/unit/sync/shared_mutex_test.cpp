// SPDX-License-Identifier: MIT
// What shared_mutex promises to readers; its writers' contract is conformance/lock_test.cpp.
#include "tequio/shared_mutex.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/signal_storm.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::lock_state;
using tequio::test::fork_with;
using tequio::test::kill_and_reap;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

constexpr int most_readers = 64;

class shared_mutex_test : public tequio::test::leak_checked {
 protected:
  tequio::shared_mutex m_lock{"map"};

  template <class Call>
  static void in_thread(Call call) {
    std::thread(call).join();
  }

  // Whether it is free and its data whole, as a writer and as a reader; its waits have a time.
  void expect_free() {
    ASSERT_TRUE(m_lock.try_lock_for(20s));
    m_lock.unlock();
    ASSERT_TRUE(m_lock.try_lock_shared_for(20s));
    m_lock.unlock_shared();
  }
};

using shared_mutex_stepped = tequio::test::stepped<shared_mutex_test>;

TEST_F(shared_mutex_test, readers_are_together_and_a_writer_alone) {
  m_lock.lock_shared();
  in_thread([&] {
    EXPECT_TRUE(m_lock.try_lock_shared());
    m_lock.unlock_shared();
    EXPECT_FALSE(m_lock.try_lock());
    EXPECT_FALSE(m_lock.try_lock_for(5ms));
    const std::shared_lock guard(m_lock, 10ms);
    EXPECT_TRUE(guard.owns_lock());
  });
  m_lock.unlock_shared();
  m_lock.lock();
  in_thread([&] {
    EXPECT_FALSE(m_lock.try_lock_shared());
    EXPECT_FALSE(m_lock.try_lock_shared_for(5ms));
    EXPECT_FALSE(m_lock.try_lock_shared_until(std::chrono::system_clock::now() + 5ms));
    EXPECT_FALSE(m_lock.try_lock());
  });
  m_lock.unlock();
  expect_free();
}

TEST_F(shared_mutex_test, unlock_of_what_is_not_held_so_is_an_error) {
  EXPECT_THROW(m_lock.unlock_shared(), tequio::error);
  m_lock.lock();
  EXPECT_THROW(m_lock.unlock_shared(), tequio::error);
  m_lock.unlock();
  m_lock.lock_shared();
  EXPECT_THROW(m_lock.unlock(), tequio::error);
  in_thread([&] { EXPECT_THROW(m_lock.unlock_shared(), tequio::error); });
  m_lock.unlock_shared();
  expect_free();
}

TEST_F(shared_mutex_test, holder_that_locks_again_is_told_and_still_holds_it) {
  m_lock.lock_shared();
  EXPECT_THROW(m_lock.lock_shared(), tequio::error);
  EXPECT_THROW(m_lock.lock(), tequio::error);
  EXPECT_FALSE(m_lock.try_lock());
  m_lock.unlock_shared();
  m_lock.lock();
  EXPECT_THROW(m_lock.lock(), tequio::error);
  EXPECT_THROW(m_lock.lock_shared(), tequio::error);
  EXPECT_THROW(static_cast<void>(m_lock.lock_or_recover()), tequio::error);
  m_lock.unlock();
  expect_free();
}

// A thread's id chooses its slot, and threads started in a row have ids in a row: all slots come before the other
// reader's and after it.
TEST_F(shared_mutex_test, reader_that_asks_to_write_is_told_whichever_slot_it_has) {
  m_lock.lock_shared();
  for (int i = 0; i <= most_readers; ++i)
    in_thread([&] {
      m_lock.lock_shared();
      EXPECT_FALSE(m_lock.try_lock());
      EXPECT_THROW(static_cast<void>(m_lock.try_lock_for(1ms)), tequio::error);
      EXPECT_THROW(m_lock.lock(), tequio::error);
      m_lock.unlock_shared();
    });
  m_lock.unlock_shared();
  expect_free();
}

// Its slot is not the one that its id chooses: another reader held that at the time.
TEST_F(shared_mutex_test, reader_that_reads_again_is_told_whichever_slot_it_has) {
  const auto slot = [] { return ::gettid() % most_readers; };
  const int mine = slot();
  std::barrier both(2);
  std::thread other;
  std::atomic<int> theirs = -1;
  while (theirs != mine) {
    if (other.joinable()) other.join();
    theirs = -1;
    other = std::thread([&] {
      theirs = slot();
      theirs.notify_one();
      if (slot() != mine) return;
      m_lock.lock_shared();
      both.arrive_and_wait();
      both.arrive_and_wait();
      m_lock.unlock_shared();
    });
    theirs.wait(-1);
  }
  both.arrive_and_wait();
  m_lock.lock_shared();
  both.arrive_and_wait();
  other.join();
  EXPECT_THROW(m_lock.lock_shared(), tequio::error);
  EXPECT_THROW(static_cast<void>(m_lock.try_lock_shared()), tequio::error);
  m_lock.unlock_shared();
  expect_free();
}

TEST_F(shared_mutex_test, as_many_readers_as_promised_are_together_and_one_more_waits) {
  std::barrier all(most_readers + 1);
  std::vector<std::thread> readers;
  for (int i = 0; i < most_readers; ++i)
    readers.emplace_back([&] {
      const std::shared_lock guard(m_lock);
      all.arrive_and_wait();
      all.arrive_and_wait();
    });
  all.arrive_and_wait();
  EXPECT_FALSE(m_lock.try_lock_shared());
  EXPECT_FALSE(m_lock.try_lock_shared_for(5ms));
  static_cast<void>(all.arrive());
  m_lock.lock_shared();
  m_lock.unlock_shared();
  for (std::thread& one : readers) one.join();
  expect_free();
}

// Whichever slot that one had; the slot that the waiting one's id chooses is nearly always another's.
TEST_F(shared_mutex_test, one_reader_too_many_goes_on_when_any_of_them_has_gone) {
  const pid_t self = ::gettid();
  for (const int first_to_go : {0, 1, most_readers / 2}) {
    std::barrier all(most_readers + 1);
    std::atomic<bool> waits = false;
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < most_readers; ++i)
      readers.emplace_back([&, i] {
        const std::shared_lock guard(m_lock);
        all.arrive_and_wait();
        if (i != first_to_go) return done.wait(false);
        while (!waits) std::this_thread::yield();
        tequio::test::await_sleep_of(self);
      });
    all.arrive_and_wait();
    waits = true;
    m_lock.lock_shared();
    m_lock.unlock_shared();
    done = true;
    done.notify_all();
    for (std::thread& one : readers) one.join();
  }
  expect_free();
}

TEST_F(shared_mutex_test, no_reader_is_overlooked_by_a_writer) {
  // new threads have new numbers, and so all slots their turn
  for (int i = 0; i < 4 * most_readers; ++i) {
    std::atomic<int> step{0};
    std::thread reader([&] {
      const std::shared_lock guard(m_lock);
      for (step = 1; step != 2;) std::this_thread::yield();
    });
    while (step == 0) std::this_thread::yield();
    EXPECT_FALSE(m_lock.try_lock());
    step = 2;
    reader.join();
  }
  expect_free();
}

TEST_F(shared_mutex_test, readers_see_what_a_writer_wrote_whole) {
  constexpr int rounds = 1000;
  int first = 0;
  int second = 0;
  std::vector<std::thread> crew;
  for (int writer = 0; writer < 2; ++writer)
    crew.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::unique_lock guard(m_lock);
        ++first;
        ++second;
      }
    });
  for (int reader = 0; reader < 2; ++reader)
    crew.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::shared_lock guard(m_lock);
        EXPECT_EQ(first, second);
      }
    });
  for (std::thread& one : crew) one.join();
  EXPECT_EQ(first, 2 * rounds);
}

TEST_F(shared_mutex_test, a_writer_that_waits_goes_before_readers_that_come_later) {
  std::atomic<bool> written{false};
  m_lock.lock_shared();
  std::thread writer([&] {
    m_lock.lock();
    written = true;
    m_lock.unlock();
  });
  const auto turned_away = [&] {
    bool taken = false;
    in_thread([&] {
      taken = m_lock.try_lock_shared();
      if (taken) m_lock.unlock_shared();
    });
    return !taken;
  };
  while (!turned_away()) std::this_thread::yield();
  std::thread reader([&] {
    m_lock.lock_shared();
    EXPECT_TRUE(written);
    m_lock.unlock_shared();
  });
  EXPECT_FALSE(written);
  m_lock.unlock_shared();
  writer.join();
  reader.join();
}

TEST_F(shared_mutex_test, dead_reader_leaves_nothing_and_dead_writer_is_told_to_readers) {
  in_thread([&] { m_lock.lock_shared(); });
  expect_free();
  in_thread([&] { m_lock.lock(); });
  EXPECT_THROW(m_lock.lock_shared(), tequio::owner_died);
  EXPECT_THROW(static_cast<void>(m_lock.try_lock_shared()), tequio::owner_died);
  EXPECT_THROW(static_cast<void>(m_lock.try_lock_shared_for(1ms)), tequio::owner_died);
  EXPECT_THROW(m_lock.unlock_shared(), tequio::error);
  EXPECT_EQ(m_lock.lock_or_recover(), lock_state::acquired_from_dead_owner);
  m_lock.unlock();
  expect_free();
}

// The kernel looks at no more than 2048 locks of a dead thread.
TEST_F(shared_mutex_test, writer_of_many_that_dies_is_told_by_all) {
  std::deque<tequio::shared_mutex> many(100);
  in_thread([&] {
    for (tequio::shared_mutex& one : many) one.lock();
  });
  for (tequio::shared_mutex& one : many) EXPECT_THROW(static_cast<void>(one.try_lock_for(100ms)), tequio::owner_died);
}

TEST_F(shared_mutex_test, reader_keeps_its_deadline_under_signals_every_millisecond) {
  const tequio::test::signal_storm storm;
  std::atomic<int> step{0};
  std::thread writer([&] {
    m_lock.lock();
    for (step = 1; step != 2;) std::this_thread::yield();
    m_lock.unlock();
  });
  while (step == 0) std::this_thread::yield();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(m_lock.try_lock_shared_for(120ms));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 120ms);
  step = 2;
  m_lock.lock_shared();
  m_lock.unlock_shared();
  writer.join();
}

// Invariant of sync/shared_mutex.cpp: a death at any instruction frees what the thread held.
TEST_F(shared_mutex_stepped, reader_is_killed_anywhere_and_a_writer_goes_on) {
  kill_at_every_instruction({
      .operation =
          [&] {
            m_lock.lock_shared();
            m_lock.unlock_shared();
          },
      .check = [&](bool) { expect_free(); },
  });
}

// Invariant of sync/shared_mutex.cpp: a death at any instruction frees what the thread held.
TEST_F(shared_mutex_stepped, reader_is_killed_in_unlock_while_a_writer_sleeps) {
  const tequio::detail::shared_object<std::atomic<int>> reading;
  pid_t writer = -1;
  kill_at_every_instruction({
      .prepare =
          [&] {
            *reading = 0;
            writer = fork_with([&] {
              while (*reading == 0) ::sched_yield();
              m_lock.lock();
              m_lock.unlock();
              return 0;
            });
          },
      .before =
          [&] {
            m_lock.lock_shared();
            *reading = 1;
            tequio::test::await_sleep_of(writer);
          },
      .operation = [&] { m_lock.unlock_shared(); },
      .check =
          [&](bool) {
            EXPECT_EQ(status_of(writer), 0);
            expect_free();
          },
  });
}

// Invariant of sync/shared_mutex.cpp: a death at any instruction frees what the thread held.
TEST_F(shared_mutex_stepped, reader_that_waits_for_a_writer_is_killed_anywhere) {
  bool held = false;
  const auto let_go = [&] {
    if (std::exchange(held, false)) m_lock.unlock();
  };
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            m_lock.lock();
            held = true;
          },
      .operation = [&] { m_lock.lock_shared(); },
      .wake = let_go,
      .check =
          [&](bool) {
            let_go();
            expect_free();
          },
  });
  EXPECT_GT(steps.sleeps, 0U);
}

// Invariant of sync/shared_mutex.cpp: a death at any instruction frees what the thread held.
TEST_F(shared_mutex_stepped, writer_that_waits_for_a_reader_is_killed_anywhere) {
  bool held = false;
  const auto let_go = [&] {
    if (std::exchange(held, false)) m_lock.unlock_shared();
  };
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            m_lock.lock_shared();
            held = true;
          },
      .operation = [&] { m_lock.lock(); },
      .wake = let_go,
      .check =
          [&](bool finished) {
            let_go();
            const auto state = m_lock.try_lock_or_recover_for(20s);
            ASSERT_TRUE(state);
            EXPECT_TRUE(!finished || state == lock_state::acquired_from_dead_owner);
            m_lock.unlock();
            expect_free();
          },
  });
  EXPECT_GT(steps.sleeps, 0U);
}

}  // namespace
