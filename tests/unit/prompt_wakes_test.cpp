// SPDX-License-Identifier: MIT
// Sleepers look again by themselves, which would hide a wake that is never given: so the fastest of some wakes must have
// come before any look.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "support/guarded_int.hpp"
#include "support/party.hpp"
#include "tequio/barrier.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"

namespace {

using std::chrono::steady_clock;
using tequio::test::party;

class prompt_wakes : public tequio::test::party_test {
 protected:
  // Of `Things` made anew each time: the shortest time from `wake` to the end of all that are in `sleep`.
  template <class Things>
  static steady_clock::duration fastest(const std::function<void(Things&)>& sleep,
                                        const std::function<void(Things&)>& wake) {
    steady_clock::duration shortest = steady_clock::duration::max();
    for (int i = 0; i < 10; ++i) {
      Things things;
      party sleepers(GetParam());
      sleepers.start(2, [&] { sleep(things); });
      sleepers.await_sleep();
      const auto start = steady_clock::now();
      wake(things);
      sleepers.join();
      shortest = std::min(shortest, steady_clock::now() - start);
    }
    return shortest;
  }
  static constexpr auto before_a_look = tequio::detail::look_again / 2;
};
TEQUIO_TEST_WITH_BOTH(prompt_wakes);

TEST_P(prompt_wakes, of_event) {
  EXPECT_LT(fastest<tequio::event>([](auto& bell) { bell.wait(); }, [](auto& bell) { bell.set(); }), before_a_look);
}

struct latch_of_one : tequio::latch {
  latch_of_one() : latch(1) {}
};
TEST_P(prompt_wakes, of_latch) {
  EXPECT_LT(fastest<latch_of_one>([](auto& left) { left.wait(); }, [](auto& left) { left.count_down(); }),
            before_a_look);
}

struct no_units : tequio::counting_semaphore {
  no_units() : counting_semaphore(0) {}
};
TEST_P(prompt_wakes, of_counting_semaphore) {
  EXPECT_LT(fastest<no_units>([](auto& units) { units.acquire(); }, [](auto& units) { units.release(2); }),
            before_a_look);
  EXPECT_LT(fastest<no_units>([](auto& units) { units.acquire(); },
                              [](auto& units) {
                                units.release();
                                units.release();
                              }),
            before_a_look);
}

struct condition {
  tequio::test::guarded_int number{};
  tequio::condition_variable changed{};
  void wait() {
    auto held = number.lock();
    changed.wait(held, [this] { return *number == 1; });
  }
};
TEST_P(prompt_wakes, of_condition_variable) {
  EXPECT_LT(fastest<condition>([](auto& one) { one.wait(); },
                               [](auto& one) {
                                 one.number.set(1);
                                 one.changed.notify_all();
                               }),
            before_a_look);
  EXPECT_LT(fastest<condition>([](auto& one) { one.wait(); },
                               [](auto& one) {
                                 one.number.set(1);
                                 one.changed.notify_one();
                                 one.changed.notify_one();
                               }),
            before_a_look);
}

struct meeting_of_three : tequio::barrier {
  meeting_of_three() : barrier(3) {}
};
TEST_P(prompt_wakes, of_barrier) {
  EXPECT_LT(fastest<meeting_of_three>([](auto& meeting) { meeting.arrive_and_wait(); },
                                      [](auto& meeting) { meeting.arrive_and_wait(); }),
            before_a_look);
  EXPECT_LT(fastest<meeting_of_three>(
                [](auto& meeting) {
                  try {
                    meeting.arrive_and_wait();
                  } catch (const tequio::broken_barrier&) {
                    return;
                  }
                },
                [](auto& meeting) { meeting.abort(); }),
            before_a_look);
}

}  // namespace
