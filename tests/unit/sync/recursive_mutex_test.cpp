// SPDX-License-Identifier: MIT
// What recursive_mutex promises beyond all locks' contract, which is conformance/lock_test.cpp.
#include "tequio/recursive_mutex.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "support/leak_check.hpp"

namespace {

using namespace std::chrono_literals;

class recursive_mutex_test : public tequio::test::leak_checked {
 protected:
  tequio::recursive_mutex m_lock{"tree"};

  bool is_free_to_others() {
    bool taken = false;
    std::thread([&] {
      taken = m_lock.try_lock();
      if (taken) m_lock.unlock();
    }).join();
    return taken;
  }
};

TEST_F(recursive_mutex_test, owner_unlocks_as_often_as_it_has_locked) {
  m_lock.lock();
  EXPECT_TRUE(m_lock.try_lock());
  EXPECT_TRUE(m_lock.try_lock_for(0s));
  EXPECT_TRUE(m_lock.try_lock_until(std::chrono::steady_clock::now()));
  EXPECT_EQ(m_lock.lock_or_recover(), tequio::lock_state::acquired);
  for (int held = 5; held > 0; --held) {
    EXPECT_FALSE(is_free_to_others());
    m_lock.unlock();
  }
  EXPECT_TRUE(is_free_to_others());
  EXPECT_THROW(m_lock.unlock(), tequio::error);
}

TEST_F(recursive_mutex_test, depth_of_a_dead_owner_is_not_its_heirs) {
  std::thread([&] {
    for (int depth = 0; depth < 3; ++depth) m_lock.lock();
  }).join();
  EXPECT_THROW(m_lock.lock(), tequio::owner_died);
  EXPECT_EQ(m_lock.lock_or_recover(), tequio::lock_state::acquired_from_dead_owner);
  m_lock.unlock();
  EXPECT_TRUE(is_free_to_others());
}

}  // namespace
