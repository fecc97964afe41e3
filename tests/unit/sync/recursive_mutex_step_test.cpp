// SPDX-License-Identifier: MIT
// Owners of a recursive mutex that are killed at every instruction.
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "support/kill/step_killer.hpp"
#include "support/kill/stepped.hpp"
#include "tequio/recursive_mutex.hpp"

namespace {

using namespace std::chrono_literals;

using recursive_mutex_step_test = tequio::test::stepped<>;

// Invariant of sync/robust_lock.hpp: the kernel finds the lock at any instruction.
TEST_F(recursive_mutex_step_test, killed_while_it_locks_and_unlocks_twice) {
  tequio::recursive_mutex lock{"tree"};
  tequio::test::kill_at_every_instruction({
      .operation =
          [&] {
            const std::scoped_lock outer(lock);
            const std::scoped_lock inner(lock);
          },
      .check =
          [&](bool finished) {
            const auto state = lock.try_lock_or_recover_for(20s);
            ASSERT_TRUE(state);
            EXPECT_TRUE(!finished || state == tequio::lock_state::acquired);
            lock.unlock();
            bool free_to_others = false;
            std::thread([&] {
              free_to_others = lock.try_lock();
              if (free_to_others) lock.unlock();
            }).join();
            EXPECT_TRUE(free_to_others);
          },
  });
}

}  // namespace
