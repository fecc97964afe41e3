// SPDX-License-Identifier: MIT
// Every wake is given when it is due, and not found later by a sleeper's own look: a missing one is a hang here.
#include <gtest/gtest.h>

#include <functional>

#include "support/kill/no_second_look.hpp"
#include "support/workers/guarded_int.hpp"
#include "support/workers/test_workers.hpp"
#include "tequio/barrier.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"

namespace {

using tequio::test::test_workers;

class prompt_wakes : public tequio::test::both_kinds_test {
 protected:
  // Two sleep on a thing, and one wakes them; a few times, each on a new thing.
  template <class Thing>
  static void expect_woken(const std::function<void(Thing&)>& sleep, const std::function<void(Thing&)>& wake) {
    for (int i = 0; i < 10; ++i) {
      Thing thing;
      test_workers sleepers(GetParam());
      sleepers.start(2, [&] { sleep(thing); });
      sleepers.await_sleep();
      wake(thing);
      sleepers.join();
    }
  }

 private:
  tequio::test::no_second_look m_no_second_look{};
};
TEQUIO_TEST_WITH_BOTH(prompt_wakes);

TEST_P(prompt_wakes, of_event) {
  expect_woken<tequio::event>([](auto& bell) { bell.wait(); }, [](auto& bell) { bell.set(); });
}

struct latch_of_one : tequio::latch {
  latch_of_one() : latch(1) {}
};
TEST_P(prompt_wakes, of_latch) {
  expect_woken<latch_of_one>([](auto& left) { left.wait(); }, [](auto& left) { left.count_down(); });
}

struct no_units : tequio::counting_semaphore {
  no_units() : counting_semaphore(0) {}
};
TEST_P(prompt_wakes, of_counting_semaphore) {
  expect_woken<no_units>([](auto& units) { units.acquire(); }, [](auto& units) { units.release(2); });
  expect_woken<no_units>([](auto& units) { units.acquire(); },
                         [](auto& units) {
                           units.release();
                           units.release();
                         });
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
  expect_woken<condition>([](auto& one) { one.wait(); },
                          [](auto& one) {
                            one.number.set(1);
                            one.changed.notify_all();
                          });
  expect_woken<condition>([](auto& one) { one.wait(); },
                          [](auto& one) {
                            one.number.set(1);
                            one.changed.notify_one();
                            one.changed.notify_one();
                          });
}

struct meeting_of_three : tequio::barrier {
  meeting_of_three() : barrier(3) {}
};
TEST_P(prompt_wakes, of_barrier) {
  expect_woken<meeting_of_three>([](auto& meeting) { meeting.arrive_and_wait(); },
                                 [](auto& meeting) { meeting.arrive_and_wait(); });
  expect_woken<meeting_of_three>(
      [](auto& meeting) {
        try {
          meeting.arrive_and_wait();
        } catch (const tequio::broken_barrier&) {
          return;
        }
      },
      [](auto& meeting) { meeting.abort(); });
}

}  // namespace
