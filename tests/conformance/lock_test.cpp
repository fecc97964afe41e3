// SPDX-License-Identifier: MIT
// The common promises of mutex, recursive_mutex and shared_mutex: exclusive locks, and the death of their owner.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/signal_storm.hpp"
#include "tequio/mutex.hpp"
#include "tequio/recursive_mutex.hpp"
#include "tequio/shared_mutex.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::lock_state;
using tequio::test::fork_with;
using tequio::test::kill_and_reap;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

struct guarded {
  std::atomic<int> held{0};
  int first = 0;
  int second = 0;  // equal to `first` whenever the lock is free
};

enum class found : int { whole, abandoned, stuck };

// Acquires a lock within a time that only a hang exceeds, repairs it where its owner died, and gives it back.
template <class Lock>
found find(Lock& lock) {
  try {
    if (!lock.try_lock_for(20s)) return found::stuck;
    lock.unlock();
    return found::whole;
  } catch (const tequio::owner_died&) {
    const auto state = lock.try_lock_or_recover_for(20s);
    if (state) lock.unlock();
    return state == lock_state::acquired_from_dead_owner ? found::abandoned : found::stuck;
  }
}

template <class Lock>
class lock_test : public tequio::test::leak_checked {
 protected:
  Lock m_lock{"till"};

  guarded& data() const { return *m_data; }

  // Another process that holds the lock until it is killed.
  pid_t owner_process() {
    data().held = 0;
    const pid_t owner = fork_with([&] {
      m_lock.lock();
      for (data().held = 1;;) ::pause();
      return 0;
    });
    while (data().held == 0) ::sched_yield();
    return owner;
  }

  // Another process that sleeps in lock(); ends with what it found.
  pid_t sleeper_process() {
    const pid_t sleeper = fork_with([&] { return static_cast<int>(find(m_lock)); });
    tequio::test::await_sleep_of(sleeper);
    return sleeper;
  }

 private:
  tequio::detail::shared_object<guarded> m_data;
};

using locks = ::testing::Types<tequio::mutex, tequio::recursive_mutex, tequio::shared_mutex>;

template <class Lock>
class lock_forked : public lock_test<Lock> {
 protected:
  void SetUp() override {
    lock_test<Lock>::SetUp();
    if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
  }
};

template <class Lock>
using lock_stepped = tequio::test::stepped<lock_test<Lock>>;

TYPED_TEST_SUITE(lock_test, locks);
TYPED_TEST_SUITE(lock_forked, locks);
TYPED_TEST_SUITE(lock_stepped, locks);

TYPED_TEST(lock_forked, owner_that_dies_is_told_to_all_until_one_recovers) {
  TypeParam& lock = this->m_lock;
  for (const int way : {0, 1, 2}) {
    const pid_t owner = fork_with([&] {
      if (way != 0) lock.lock();
      if (way == 0 && lock.lock_or_recover() != lock_state::acquired) return 1;
      if (way == 1) ::raise(SIGKILL);
      if (way == 2) ::execl("/bin/true", "true", static_cast<char*>(nullptr));
      return 0;
    });
    EXPECT_EQ(status_of(owner), way == 1 ? 1000 + SIGKILL : 0);
    EXPECT_THROW(lock.lock(), tequio::owner_died);
    EXPECT_THROW(static_cast<void>(lock.try_lock()), tequio::owner_died);
    EXPECT_THROW(static_cast<void>(lock.try_lock_for(1ms)), tequio::owner_died);
    EXPECT_THROW(static_cast<void>(lock.try_lock_until(std::chrono::system_clock::now())), tequio::owner_died);
    EXPECT_THROW(const std::scoped_lock guard(lock), tequio::owner_died);
    EXPECT_THROW(lock.unlock(), tequio::error) << "it was held after owner_died";
    // also in another process, which then dies in its repair and leaves the repair to the next
    EXPECT_EQ(status_of(fork_with([&] {
                try {
                  lock.lock();
                } catch (const tequio::owner_died&) {
                  return lock.lock_or_recover() == lock_state::acquired_from_dead_owner ? 0 : 1;
                }
                return 2;
              })),
              0);
    EXPECT_THROW(lock.lock(), tequio::owner_died);
    EXPECT_EQ(lock.lock_or_recover(), lock_state::acquired_from_dead_owner);
    lock.unlock();
    EXPECT_EQ(lock.lock_or_recover(), lock_state::acquired);
    lock.unlock();
  }
}

TYPED_TEST(lock_test, thread_that_ends_with_it_is_a_dead_owner) {
  TypeParam& lock = this->m_lock;
  std::thread([&] { lock.lock(); }).join();
  EXPECT_THROW(lock.lock(), tequio::owner_died);
  EXPECT_EQ(lock.try_lock_or_recover_for(0s), lock_state::acquired_from_dead_owner);
  lock.unlock();
  EXPECT_EQ(lock.try_lock_or_recover_until(std::chrono::system_clock::now()), lock_state::acquired);
  lock.unlock();
  lock.lock();
  lock.unlock();
}

TYPED_TEST(lock_test, errors_name_lock_and_cure) {
  try {
    this->m_lock.unlock();
    FAIL() << "unlocked what it did not hold";
  } catch (const tequio::error& refused) {
    EXPECT_TRUE(refused.object().ends_with("mutex 'till'")) << refused.what();
    EXPECT_FALSE(refused.cure().empty());
    EXPECT_EQ(refused.code(), std::errc::operation_not_permitted);
  }
  std::thread([&] { this->m_lock.lock(); }).join();
  try {
    this->m_lock.lock();
    FAIL() << "the dead owner was not told";
  } catch (const tequio::owner_died& told) {
    EXPECT_TRUE(told.object().ends_with("mutex 'till'")) << told.what();
    EXPECT_NE(told.cure().find("lock_or_recover()"), std::string::npos);
    EXPECT_EQ(told.code(), std::errc::owner_dead);
  }
}

TYPED_TEST(lock_test, only_its_owner_unlocks_it) {
  TypeParam& lock = this->m_lock;
  lock.lock();
  std::thread([&] {
    EXPECT_THROW(lock.unlock(), tequio::error);
    EXPECT_FALSE(lock.try_lock());
  }).join();
  if (!tequio::test::thread_sanitizer) {
    const pid_t child = fork_with([&] {
      try {
        lock.unlock();
      } catch (const tequio::error&) {
        return lock.try_lock() || lock.try_lock_for(1ms) ? 2 : 0;
      }
      return 1;
    });
    EXPECT_EQ(status_of(child), 0);
  }
  lock.unlock();
  EXPECT_THROW(lock.unlock(), tequio::error);
}

TYPED_TEST(lock_test, threads_lose_no_update) {
  constexpr int rounds = 5000;
  std::vector<std::thread> crew;
  for (int i = 0; i < 4; ++i)
    crew.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::scoped_lock guard(this->m_lock);
        ++this->data().first;
      }
    });
  for (std::thread& one : crew) one.join();
  EXPECT_EQ(this->data().first, 4 * rounds);
}

TYPED_TEST(lock_forked, processes_lose_no_update) {
  constexpr int rounds = 20000;
  std::vector<pid_t> crew;
  for (int i = 0; i < 3; ++i)
    crew.push_back(fork_with([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::scoped_lock guard(this->m_lock);
        ++this->data().first;
      }
      return 0;
    }));
  for (const pid_t one : crew) EXPECT_EQ(status_of(one), 0);
  EXPECT_EQ(this->data().first, 3 * rounds);
}

TYPED_TEST(lock_test, two_are_taken_by_scoped_lock_in_any_order) {
  TypeParam other;
  std::vector<std::thread> crew;
  int both = 0;
  for (const bool swapped : {false, true})
    crew.emplace_back([&, swapped] {
      for (int round = 0; round < 1000; ++round) {
        const std::scoped_lock guard(swapped ? other : this->m_lock, swapped ? this->m_lock : other);
        ++both;
      }
    });
  for (std::thread& one : crew) one.join();
  EXPECT_EQ(both, 2000);
}

TYPED_TEST(lock_test, timeouts_are_kept_under_signals_every_millisecond) {
  const tequio::test::signal_storm storm;
  TypeParam& lock = this->m_lock;
  std::thread owner([&] {
    lock.lock();
    for (this->data().held = 1; this->data().held != 2;) std::this_thread::yield();
    lock.unlock();
  });
  while (this->data().held == 0) std::this_thread::yield();
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock<TypeParam> guard(lock, std::defer_lock);
  EXPECT_FALSE(guard.try_lock());
  EXPECT_FALSE(guard.try_lock_for(60ms));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 60ms);
  EXPECT_FALSE(guard.try_lock_until(start + 120ms));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 120ms);
  EXPECT_FALSE(guard.try_lock_until(std::chrono::system_clock::now() + 20ms));
  EXPECT_FALSE(guard.try_lock_for(-1h));
  EXPECT_EQ(lock.try_lock_or_recover_for(20ms), std::nullopt);
  const auto second_start = std::chrono::steady_clock::now();
  EXPECT_EQ(lock.try_lock_or_recover_until(second_start + 20ms), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - second_start, 20ms);
  this->data().held = 2;
  EXPECT_TRUE(guard.try_lock_for(std::chrono::hours::max()));
  owner.join();
}

TYPED_TEST(lock_forked, sleeper_is_told_when_the_owner_dies) {
  const pid_t owner = this->owner_process();
  const pid_t sleeper = this->sleeper_process();
  kill_and_reap(owner);
  EXPECT_EQ(status_of(sleeper), static_cast<int>(found::abandoned));
}

TYPED_TEST(lock_forked, sleeper_that_is_killed_is_nobodys_loss) {
  this->m_lock.lock();
  kill_and_reap(this->sleeper_process());
  const pid_t other = this->sleeper_process();
  kill_and_reap(this->sleeper_process());
  this->m_lock.unlock();
  EXPECT_EQ(status_of(other), static_cast<int>(found::whole));
  EXPECT_EQ(find(this->m_lock), found::whole);
}

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TYPED_TEST(lock_stepped, killed_while_it_locks_changes_and_unlocks) {
  guarded& data = this->data();
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            static_cast<void>(this->m_lock.lock_or_recover());
            data.first = data.second = 0;
            this->m_lock.unlock();
          },
      .operation =
          [&] {
            this->m_lock.lock();
            data.first = 1;
            data.second = 1;
            this->m_lock.unlock();
          },
      .check =
          [&](bool finished) {
            const bool torn = data.first != data.second;
            const found what = find(this->m_lock);
            EXPECT_NE(what, found::stuck);
            EXPECT_TRUE(!torn || what == found::abandoned) << "torn without being told";
            EXPECT_TRUE(!finished || what == found::whole);
          },
  });
  EXPECT_GT(steps.kills, 100U);
}

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TYPED_TEST(lock_stepped, killed_in_unlock_while_another_process_sleeps) {
  pid_t sleeper = -1;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            this->data().held = 0;
            sleeper = fork_with([&] {
              while (this->data().held == 0) ::sched_yield();
              return static_cast<int>(find(this->m_lock));
            });
          },
      .before =
          [&] {
            this->m_lock.lock();
            this->data().held = 1;
            tequio::test::await_sleep_of(sleeper);
          },
      .operation = [&] { this->m_lock.unlock(); },
      .check =
          [&](bool finished) {
            const int what = status_of(sleeper);
            EXPECT_TRUE(what == static_cast<int>(found::whole) || what == static_cast<int>(found::abandoned)) << what;
            EXPECT_TRUE(!finished || what == static_cast<int>(found::whole));
            EXPECT_EQ(find(this->m_lock), found::whole);
          },
  });
  EXPECT_GT(steps.kills, 50U);
}

// Invariant of sync/robust_lock.hpp: a sleeper has set the waiters bit, or looks again.
TYPED_TEST(lock_stepped, killed_in_a_lock_that_sleeps_while_another_sleeps_too) {
  TypeParam& lock = this->m_lock;
  pid_t other = -1;
  bool held = false;
  const auto let_go = [&] {
    if (std::exchange(held, false)) lock.unlock();
  };
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            lock.lock();
            held = true;
            other = this->sleeper_process();
          },
      .operation = [&] { lock.lock(); },
      .wake = let_go,
      .check =
          [&](bool) {
            let_go();
            EXPECT_NE(status_of(other), static_cast<int>(found::stuck));
            EXPECT_NE(find(lock), found::stuck);
          },
  });
  EXPECT_GT(steps.sleeps, 0U);
}

// Invariant of sync/lock_outcome.cpp: the news of a death is never lost.
TYPED_TEST(lock_stepped, news_of_a_dead_owner_are_never_lost) {
  TypeParam& lock = this->m_lock;
  const auto abandoned = [&] {
    if (find(lock) == found::abandoned) ADD_FAILURE() << "left over";
    EXPECT_EQ(status_of(fork_with([&] {
                lock.lock();
                return 0;
              })),
              0);
  };
  // a process that dies while it is told, and one that recovers and dies before it has unlocked
  kill_at_every_instruction({
      .prepare = abandoned,
      .operation =
          [&] {
            try {
              lock.lock();
            } catch (const tequio::owner_died&) {
            }
          },
      .check = [&](bool) { EXPECT_EQ(find(lock), found::abandoned); },
      .passes = 1,
      .first_instructions = std::is_same_v<TypeParam, tequio::shared_mutex> ? 20'000 : 1'000,
  });
  kill_at_every_instruction({
      .prepare = abandoned,
      .operation = [&] { static_cast<void>(lock.lock_or_recover()); },
      .check = [&](bool) { EXPECT_EQ(find(lock), found::abandoned); },
      .passes = 1,
  });
}

}  // namespace
