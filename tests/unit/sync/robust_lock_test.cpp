// SPDX-License-Identifier: MIT
#include "tequio/detail/sync/robust_lock.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/signal_storm.hpp"
#include "tequio/detail/memory/shared_object.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::detail::deadline_after;
using tequio::detail::lock_result;
using tequio::detail::robust_lock;
using tequio::test::fork_with;
using tequio::test::kill_at_every_instruction;
using tequio::test::status_of;

struct guarded {
  robust_lock lock{};
  robust_lock other{};
  std::atomic<int> held{0};
  int value = 0;
};

bool is_acquired(lock_result result) { return result == lock_result::acquired || result == lock_result::owner_died; }

// What the calling thread holds in the kernel's eyes.
bool holds_nothing() {
  void** list = nullptr;
  std::size_t size = 0;
  ::syscall(SYS_get_robust_list, 0, &list, &size);
  return list[0] == list && list[2] == nullptr;
}

class robust_lock_test : public tequio::test::leak_checked {
 protected:
  guarded& shared() const { return *m_shared; }
  robust_lock& lock() const { return m_shared->lock; }

  // Acquires it within a time that only a hang exceeds, gives it back, and says what it was.
  lock_result found() const {
    const lock_result result = lock().lock(deadline_after(20s));
    EXPECT_TRUE(is_acquired(result)) << "stuck";
    if (is_acquired(result)) lock().unlock();
    EXPECT_FALSE(lock().is_held());
    return result;
  }

 private:
  tequio::detail::shared_object<guarded> m_shared;
};

class robust_lock_forked : public robust_lock_test {
 protected:
  void SetUp() override {
    robust_lock_test::SetUp();
    if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
  }
};

using robust_lock_stepped = tequio::test::stepped<robust_lock_test>;

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TEST_F(robust_lock_stepped, killed_in_lock) {
  const auto steps = kill_at_every_instruction({
      .operation = [&] { static_cast<void>(lock().lock()); },
      .check =
          [&](bool finished) {
            const lock_result result = found();
            EXPECT_TRUE(!finished || result == lock_result::owner_died);
          },
  });
  EXPECT_GT(steps.kills, 30U);
}

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TEST_F(robust_lock_stepped, killed_in_try_lock) {
  const auto steps = kill_at_every_instruction({
      .operation = [&] { static_cast<void>(lock().try_lock()); },
      .check =
          [&](bool finished) {
            const lock_result result = found();
            EXPECT_TRUE(!finished || result == lock_result::owner_died);
          },
  });
  EXPECT_GT(steps.kills, 30U);
}

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TEST_F(robust_lock_stepped, killed_in_unlock_of_the_middle_one_of_three) {
  tequio::detail::shared_object<guarded> more;
  const auto steps = kill_at_every_instruction({
      .before =
          [&] {
            static_cast<void>(more->lock.lock());
            static_cast<void>(lock().lock());
            static_cast<void>(more->other.lock());
          },
      .operation = [&] { lock().unlock(); },
      .check =
          [&](bool finished) {
            const lock_result result = found();
            EXPECT_TRUE(!finished || result == lock_result::acquired);
            for (robust_lock* still : {&more->lock, &more->other}) {
              EXPECT_EQ(still->lock(deadline_after(20s)), lock_result::owner_died);
              still->unlock();
            }
          },
  });
  EXPECT_GT(steps.kills, 30U);
}

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TEST_F(robust_lock_stepped, killed_in_unlock_while_another_process_sleeps) {
  pid_t sleeper = -1;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            shared().held = 0;
            sleeper = fork_with([&] {
              while (shared().held == 0) ::sched_yield();
              return is_acquired(lock().lock()) ? 0 : 1;
            });
          },
      .before =
          [&] {
            static_cast<void>(lock().lock());
            shared().held = 1;
            tequio::test::await_sleep_of(sleeper);
          },
      .operation = [&] { lock().unlock(); },
      .check =
          [&](bool) {
            EXPECT_EQ(status_of(sleeper), 0);
            EXPECT_EQ(found(), lock_result::owner_died);  // the sleeper ended with it
          },
  });
  EXPECT_GT(steps.kills, 30U);
}

// Invariant of sync/robust_lock.hpp: a sleeper has set the waiters bit, or looks again.
TEST_F(robust_lock_stepped, killed_in_a_lock_that_waits_and_is_woken) {
  const auto steps = kill_at_every_instruction({
      .prepare = [&] { EXPECT_TRUE(is_acquired(lock().lock())); },
      .operation = [&] { static_cast<void>(lock().lock()); },
      .wake =
          [&] {
            if (lock().is_mine()) lock().unlock();
          },
      .check =
          [&](bool finished) {
            if (lock().is_mine()) lock().unlock();
            const lock_result result = found();
            EXPECT_TRUE(!finished || result == lock_result::owner_died);
          },
  });
  EXPECT_GT(steps.sleeps, 0U);
}

// Invariant of sync/robust_lock.hpp: a sleeper has set the waiters bit, or looks again.
TEST_F(robust_lock_stepped, a_sleeper_that_dies_takes_no_wake_from_another) {
  pid_t other = -1;
  const auto steps = kill_at_every_instruction({
      .prepare =
          [&] {
            EXPECT_TRUE(is_acquired(lock().lock()));
            other = fork_with([&] { return is_acquired(lock().lock()) ? 0 : 1; });
            tequio::test::await_sleep_of(other);
          },
      .operation = [&] { static_cast<void>(lock().lock()); },
      .wake =
          [&] {
            if (lock().is_mine()) lock().unlock();
          },
      .check =
          [&](bool) {
            if (lock().is_mine()) lock().unlock();
            EXPECT_EQ(status_of(other), 0);
            EXPECT_EQ(found(), lock_result::owner_died);
          },
  });
  EXPECT_GT(steps.sleeps, 0U);
}

TEST_F(robust_lock_forked, owner_that_ends_in_any_way_is_told) {
  EXPECT_EQ(status_of(fork_with([&] { return static_cast<int>(lock().lock()); })), 0);
  EXPECT_EQ(found(), lock_result::owner_died);
  EXPECT_EQ(found(), lock_result::acquired);  // told once
  const pid_t replaced = fork_with([&] {
    static_cast<void>(lock().lock());
    return ::execl("/bin/true", "true", static_cast<char*>(nullptr));
  });
  EXPECT_EQ(status_of(replaced), 0);
  EXPECT_EQ(found(), lock_result::owner_died);
}

TEST_F(robust_lock_forked, child_does_not_own_what_its_parent_holds) {
  ASSERT_EQ(lock().lock(), lock_result::acquired);
  const pid_t child = fork_with([&] {
    if (lock().is_mine() || !holds_nothing()) return 1;
    if (lock().try_lock() != lock_result::timed_out || lock().lock(deadline_after(20ms)) != lock_result::timed_out)
      return 2;
    if (shared().other.lock() != lock_result::acquired || !shared().other.is_mine()) return 3;
    shared().other.unlock();
    return holds_nothing() ? 0 : 4;
  });
  EXPECT_EQ(status_of(child), 0);
  EXPECT_TRUE(lock().is_mine());
  EXPECT_EQ(lock().lock(), lock_result::mine);
  lock().unlock();
  EXPECT_EQ(found(), lock_result::acquired);
}

TEST_F(robust_lock_forked, all_of_many_locks_are_told) {
  constexpr std::size_t count = 2000;
  tequio::detail::shared_object<std::array<robust_lock, count>> many;
  EXPECT_EQ(status_of(fork_with([&] {
              return static_cast<int>(
                  std::ranges::count_if(*many, [](robust_lock& one) { return one.lock() != lock_result::acquired; }));
            })),
            0);
  EXPECT_EQ(std::ranges::count_if(*many, [](robust_lock& one) { return one.try_lock() == lock_result::owner_died; }),
            static_cast<std::ptrdiff_t>(count));
  for (robust_lock& one : *many) one.unlock();
  EXPECT_TRUE(holds_nothing());
}

// Two of ours and two robust mutexes of the C library, which share one list.
struct mixed_locks {
  robust_lock ours[2]{};
  pthread_mutex_t theirs[2]{};

  mixed_locks() {
    pthread_mutexattr_t attributes{};
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    for (pthread_mutex_t& one : theirs) ::pthread_mutex_init(&one, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
  }
  lock_result lock(std::size_t which) {
    if (which < 2) return ours[which].lock(deadline_after(20s));
    const int result = ::pthread_mutex_lock(&theirs[which - 2]);
    if (result == EOWNERDEAD) ::pthread_mutex_consistent(&theirs[which - 2]);
    return result == EOWNERDEAD ? lock_result::owner_died : lock_result::acquired;
  }
  void unlock(std::size_t which) {
    if (which < 2)
      ours[which].unlock();
    else
      ::pthread_mutex_unlock(&theirs[which - 2]);
  }
};

using order = std::array<std::size_t, 4>;

std::vector<order> all_orders() {
  std::vector<order> all;
  order next{0, 1, 2, 3};
  do all.push_back(next);
  while (std::ranges::next_permutation(next).found);
  return all;
}

TEST_F(robust_lock_test, nests_with_robust_mutexes_of_the_c_library_in_any_order) {
  if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer wants one order of locking, this tries all";
  const tequio::detail::shared_object<mixed_locks> locks;
  for (const order& locking : all_orders())
    for (const order& unlocking : all_orders()) {
      for (const std::size_t which : locking) ASSERT_EQ(locks->lock(which), lock_result::acquired);
      EXPECT_FALSE(holds_nothing());
      for (const std::size_t which : unlocking) locks->unlock(which);
      ASSERT_TRUE(holds_nothing());
    }
}

TEST_F(robust_lock_forked, death_tells_of_what_was_held_beside_the_c_librarys_in_any_order) {
  const tequio::detail::shared_object<mixed_locks> locks;
  for (const order& unlocking : all_orders())
    for (std::size_t given_back = 0; given_back <= 4; ++given_back) {
      const pid_t child = fork_with([&] {
        for (std::size_t which = 0; which < 4; ++which) static_cast<void>(locks->lock(3 - which));
        for (std::size_t i = 0; i < given_back; ++i) locks->unlock(unlocking[i]);
        return 0;
      });
      EXPECT_EQ(status_of(child), 0);
      for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(locks->lock(unlocking[i]), i < given_back ? lock_result::acquired : lock_result::owner_died);
        locks->unlock(unlocking[i]);
      }
    }
}

TEST_F(robust_lock_test, thread_that_ends_is_told_like_a_process) {
  std::thread([&] { EXPECT_EQ(lock().lock(), lock_result::acquired); }).join();
  EXPECT_EQ(found(), lock_result::owner_died);
  std::thread([&] { EXPECT_EQ(lock().lock(), lock_result::acquired); }).join();
  EXPECT_EQ(lock().try_lock(), lock_result::owner_died);
  lock().unlock();
}

TEST_F(robust_lock_test, threads_lose_no_update) {
  constexpr int rounds = 20000;
  std::vector<std::thread> crew;
  for (int i = 0; i < 4; ++i)
    crew.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        if (round % 3 != 0)
          EXPECT_EQ(lock().lock(), lock_result::acquired);
        else
          while (lock().try_lock() != lock_result::acquired) std::this_thread::yield();
        ++shared().value;
        lock().unlock();
      }
    });
  for (std::thread& one : crew) one.join();
  EXPECT_EQ(shared().value, 4 * rounds);
}

TEST_F(robust_lock_test, deadline_is_kept_under_signals_every_millisecond) {
  const tequio::test::signal_storm storm;
  std::atomic<bool> taken{false};
  std::atomic<bool> done{false};
  std::thread owner([&] {
    EXPECT_EQ(lock().lock(), lock_result::acquired);
    for (taken = true; !done;) std::this_thread::yield();
    lock().unlock();
  });
  while (!taken) std::this_thread::yield();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(lock().lock(start + 250ms), lock_result::timed_out);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 250ms);
  EXPECT_EQ(lock().lock(start), lock_result::timed_out);
  while (!storm.has_blown()) EXPECT_EQ(lock().lock(deadline_after(10ms)), lock_result::timed_out);
  done = true;
  EXPECT_EQ(lock().lock(), lock_result::acquired);
  lock().unlock();
  owner.join();
  EXPECT_EQ(lock().lock(start), lock_result::acquired);  // free: the deadline does not matter
  lock().unlock();
}

}  // namespace
