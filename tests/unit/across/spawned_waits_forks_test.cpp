// SPDX-License-Identifier: MIT
// Events, latches, semaphores, barriers and condition variables that are handed to a fresh image of this program.
#include <gtest/gtest.h>

#include <functional>
#include <mutex>

#include "support/leak_check.hpp"
#include "tequio/barrier.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"
#include "tequio/mutex.hpp"
#include "tequio/process.hpp"

namespace {

using tequio::process;

const tequio::process_options spawned{.start = tequio::start_method::spawn};

class spawned_waits : public tequio::test::leak_checked {};

int meet_and_count(tequio::barrier& meeting, tequio::latch& done, tequio::counting_semaphore& units) {
  units.acquire();
  meeting.arrive_and_wait();
  done.count_down();
  return static_cast<int>(units.value());
}

TEST_F(spawned_waits, barrier_latch_and_semaphore_are_the_same_ones) {
  tequio::barrier meeting(2);
  tequio::latch done(1);
  tequio::counting_semaphore units(0, 3);
  process<int> other(spawned, meet_and_count, std::ref(meeting), std::ref(done), std::ref(units));
  units.release(3);
  meeting.arrive_and_wait();
  done.wait();
  EXPECT_EQ(other.get(), 2);
}

int wait_for_change(tequio::event& ready, tequio::condition_variable& changed, tequio::mutex& guard) {
  std::unique_lock held(guard);
  ready.set();
  changed.wait(held);
  return held.owns_lock() ? 7 : 0;
}

TEST_F(spawned_waits, event_and_condition_variable_are_the_same_ones) {
  tequio::event ready;
  tequio::condition_variable changed;
  tequio::mutex guard;
  process<int> other(spawned, wait_for_change, std::ref(ready), std::ref(changed), std::ref(guard));
  ready.wait();
  {
    const std::scoped_lock held(guard);
    changed.notify_all();
  }
  EXPECT_EQ(other.get(), 7);
}

int arrive(tequio::barrier& meeting) {
  meeting.arrive_and_wait();
  return 0;
}

TEST_F(spawned_waits, barrier_with_a_completion_is_refused_in_words) {
  tequio::barrier meeting(1, [] {});
  process<int> other(spawned, arrive, std::ref(meeting));
  try {
    static_cast<void>(other.get());
    FAIL() << "no error";
  } catch (const std::exception& refused) {
    EXPECT_NE(std::string(refused.what()).find("completion"), std::string::npos) << refused.what();
  }
}

}  // namespace
