// SPDX-License-Identifier: MIT
// What mutex promises beyond all locks' contract, which is conformance/lock_test.cpp.
#include "tequio/mutex.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <type_traits>

#include "support/leak_check.hpp"

namespace {

using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<tequio::mutex> && !std::is_move_constructible_v<tequio::mutex>);

class mutex_test : public tequio::test::leak_checked {};

template <class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const tequio::error& refused) {
    EXPECT_EQ(refused.code(), std::errc::resource_deadlock_would_occur);
    return refused.what();
  }
  return "not refused";
}

TEST_F(mutex_test, owner_that_locks_again_is_told_and_still_holds_it) {
  tequio::mutex till("till");
  till.lock();
  const std::string said = refusal_of([&] { till.lock(); });
  EXPECT_NE(said.find("mutex 'till'"), std::string::npos) << said;
  EXPECT_NE(said.find("recursive_mutex"), std::string::npos) << said;
  EXPECT_EQ(refusal_of([&] { static_cast<void>(till.try_lock_for(1h)); }), said);
  EXPECT_EQ(refusal_of([&] { static_cast<void>(till.lock_or_recover()); }), said);
  EXPECT_FALSE(till.try_lock());
  till.unlock();
  EXPECT_TRUE(till.try_lock());
  till.unlock();
}

TEST_F(mutex_test, a_name_is_optional_and_may_be_long) {
  tequio::mutex nameless;
  tequio::mutex talkative(std::string(1000, 'x'));
  try {
    nameless.unlock();
  } catch (const tequio::error& refused) {
    EXPECT_EQ(refused.object(), "mutex");
  }
  try {
    talkative.unlock();
  } catch (const tequio::error& refused) {
    EXPECT_EQ(refused.object(), "mutex '" + std::string(47, 'x') + "'");
  }
}

TEST_F(mutex_test, guards_of_the_standard_library_take_it) {
  tequio::mutex first;
  tequio::mutex second;
  {
    const std::lock_guard one(first);
    const std::unique_lock other(second, 10ms);
    EXPECT_TRUE(other.owns_lock());
  }
  const std::scoped_lock both(first, second);
}

TEST_F(mutex_test, may_go_out_of_scope_locked) {
  for (int round = 0; round < 3; ++round) {
    tequio::mutex first;
    tequio::mutex second;  // at addresses that locks had before
    first.lock();
    second.lock();
    first.unlock();
  }
  tequio::mutex last;
  last.lock();
  last.unlock();
}

}  // namespace
