// SPDX-License-Identifier: MIT
#include "tequio/barrier.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/kill/no_system_calls.hpp"
#include "support/workers/signal_storm.hpp"
#include "support/workers/test_workers.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using tequio::barrier;
using tequio::broken_barrier;
using tequio::test::require;
using tequio::test::shared_number;
using tequio::test::test_workers;

class barrier_test : public tequio::test::leak_checked {};
class barrier_shared : public tequio::test::both_kinds_test {};
TEQUIO_TEST_WITH_BOTH(barrier_shared);

// In a worker: what it calls must throw broken_barrier.
template <class Call>
void require_broken(const Call& call) {
  try {
    call();
  } catch (const broken_barrier&) {
    return;
  }
  throw std::runtime_error("not broken");
}

TEST_F(barrier_test, counts_that_cannot_be_are_errors) {
  EXPECT_THROW(barrier(-1), tequio::error);
  EXPECT_THROW(barrier(barrier::max() + 1), tequio::error);
  barrier meeting(2);
  EXPECT_THROW(meeting.reset(-1), tequio::error);
  EXPECT_THROW(static_cast<void>(meeting.arrive(0)), tequio::error);
  EXPECT_THROW(static_cast<void>(meeting.arrive(-1)), tequio::error);
  try {
    static_cast<void>(meeting.arrive(3));
    FAIL() << "no error";
  } catch (const tequio::error& wrong) {
    EXPECT_STREQ(wrong.what(),
                 "barrier: 3 arrive where 2 of 2 are still expected; make it with the number of those who arrive in a "
                 "phase");
  }
  barrier nobody(0);
  EXPECT_THROW(nobody.arrive_and_wait(), tequio::error);
}

TEST_F(barrier_test, broken_one_names_itself_and_the_cure) {
  barrier meeting(2);
  meeting.abort();
  meeting.abort();
  EXPECT_TRUE(meeting.broken());
  try {
    meeting.arrive_and_wait();
    FAIL() << "no error";
  } catch (const broken_barrier& broken) {
    EXPECT_STREQ(
        broken.what(),
        "barrier: broken, by a wait that ran out of time or was stopped, a completion that failed, or abort(); "
        "call reset() when all have heard of it");
  }
  EXPECT_THROW(static_cast<void>(meeting.arrive()), broken_barrier);
  EXPECT_THROW(meeting.arrive_and_drop(), broken_barrier);
  EXPECT_THROW(static_cast<void>(meeting.arrive_and_wait_for(1h)), broken_barrier);
  meeting.reset();
  EXPECT_FALSE(meeting.broken());
}

TEST_F(barrier_test, single_member_never_waits) {
  int ends = 0;
  barrier alone(1, [&] { ++ends; });
  for (int i = 0; i < 3; ++i) alone.arrive_and_wait();
  EXPECT_TRUE(alone.arrive_and_wait_for(0ms));
  EXPECT_TRUE(alone.arrive_and_wait_until(system_clock::time_point::min()));
  EXPECT_EQ(ends, 5);
}

TEST_F(barrier_test, time_that_has_passed_breaks_it) {
  barrier meeting(2);
  const auto start = steady_clock::now();
  EXPECT_FALSE(meeting.arrive_and_wait_for(150ms));
  EXPECT_GE(steady_clock::now() - start, 150ms);
  EXPECT_TRUE(meeting.broken());
  for (const auto time : {0ms, -1ms}) {
    meeting.reset();
    EXPECT_FALSE(meeting.arrive_and_wait_for(time));
    EXPECT_TRUE(meeting.broken());
  }
  meeting.reset();
  EXPECT_FALSE(meeting.arrive_and_wait_until(system_clock::now() - 1h));
  EXPECT_TRUE(meeting.broken());
}

TEST_F(barrier_test, token_waits_for_its_phase_and_breaks_nothing) {
  barrier meeting(2);
  const auto token = meeting.arrive();
  EXPECT_FALSE(meeting.wait_for(token, 1ms));
  EXPECT_FALSE(meeting.wait_until(token, steady_clock::now()));
  EXPECT_FALSE(meeting.broken());
  const auto last = meeting.arrive();
  meeting.wait(token);
  EXPECT_TRUE(meeting.wait_for(last, 0ms));
  // both of the next phase at once, and the one before is still known
  meeting.wait(meeting.arrive(2));
  meeting.wait(token);
}

TEST_F(barrier_test, token_of_a_phase_that_was_broken_is_never_told_that_it_completed) {
  barrier meeting(2);
  const auto completed = meeting.arrive(2);
  const auto aborted = meeting.arrive();
  meeting.abort();
  EXPECT_TRUE(meeting.wait_for(completed, 0ms));
  EXPECT_THROW(meeting.wait(aborted), broken_barrier);
  meeting.reset();
  const auto undone = meeting.arrive();
  meeting.reset();
  for (int phase = 0; phase < 20; ++phase) {
    EXPECT_THROW(meeting.wait(aborted), broken_barrier);
    EXPECT_THROW(meeting.wait(undone), broken_barrier);
    meeting.wait(meeting.arrive(2));
  }
}

TEST_F(barrier_test, exception_of_the_completion_reaches_the_last_and_breaks_it) {
  barrier meeting(2, [] { throw std::runtime_error("completion"); });
  const auto first = meeting.arrive();
  EXPECT_THROW(meeting.arrive_and_wait(), std::runtime_error);
  EXPECT_TRUE(meeting.broken());
  EXPECT_THROW(meeting.wait(first), broken_barrier);
}

TEST_F(barrier_test, member_inside_its_completion_is_an_error) {
  barrier* inside = nullptr;
  barrier meeting(1, [&] { inside->arrive_and_wait(); });
  inside = &meeting;
  EXPECT_THROW(meeting.arrive_and_wait(), tequio::error);
  EXPECT_TRUE(meeting.broken());
}

TEST_F(barrier_test, abort_and_reset_inside_the_completion_leave_that_phase_broken) {
  barrier* inside = nullptr;
  bool again = false;
  barrier meeting(1, [&] {
    inside->abort();
    if (again) inside->reset();
  });
  inside = &meeting;
  EXPECT_THROW(meeting.arrive_and_wait(), broken_barrier);
  EXPECT_TRUE(meeting.broken());
  meeting.reset();
  again = true;
  EXPECT_THROW(meeting.arrive_and_wait(), broken_barrier);
  EXPECT_FALSE(meeting.broken());
}

TEST_F(barrier_test, makes_no_system_call_where_nobody_sleeps) {
  int ends = 0;
  barrier plain(2);
  barrier ending(1, [&] { ++ends; });
  const int result = tequio::test::without_system_calls([&] { ending.arrive_and_wait(); },
                                                        [&] {
                                                          plain.wait(plain.arrive(2));
                                                          ending.arrive_and_wait();
                                                        });
  if (result == 77) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(result, 0);
}

TEST_P(barrier_shared, nobody_goes_on_before_all_have_arrived_in_a_thousand_rounds) {
  constexpr int members = 4;
  barrier meeting(members);
  const shared_number arrived(0);
  test_workers workers(GetParam());
  workers.start(members, [&] {
    for (int round = 1; round <= 1000; ++round) {
      ++*arrived;
      meeting.arrive_and_wait();
      require(*arrived >= members * round, "all have arrived");
      // two rounds of the barrier, so that no member counts for the next one yet
      meeting.arrive_and_wait();
    }
  });
  workers.join();
  EXPECT_EQ(*arrived, members * 1000);
}

TEST_P(barrier_shared, completion_runs_once_a_phase_before_anybody_goes_on) {
  const tequio::detail::shared_object<int> ends(0);
  barrier meeting(3, [&] { ++*ends; });
  test_workers workers(GetParam());
  workers.start(3, [&] {
    for (int round = 1; round <= 300; ++round) {
      meeting.arrive_and_wait();
      require(*ends == round, "one end each round");
      meeting.arrive_and_wait();
      require(*ends == ++round, "one end each round");
    }
  });
  workers.join();
  EXPECT_EQ(*ends, 300);
}

TEST_P(barrier_shared, more_members_than_are_expected_meet_in_turns) {
  const shared_number ends(0);
  const shared_number arrivals(0);
  barrier pairs(2, [&] { ++*ends; });
  test_workers workers(GetParam());
  workers.start(6, [&] {
    while ((*arrivals)++ < 600) pairs.arrive_and_wait();
  });
  workers.join();
  EXPECT_EQ(*ends, 300);
}

TEST_P(barrier_shared, who_drops_is_not_expected_any_more) {
  barrier meeting(3);
  test_workers workers(GetParam());
  workers.start(2, [&] {
    for (int round = 0; round < 50; ++round) meeting.arrive_and_wait();
  });
  for (int round = 0; round < 10; ++round) meeting.arrive_and_wait();
  meeting.arrive_and_drop();
}

TEST_P(barrier_shared, abort_reaches_those_who_wait_and_those_who_come) {
  barrier meeting(4);
  test_workers workers(GetParam());
  workers.start(2, [&] { require_broken([&] { meeting.arrive_and_wait(); }); });
  workers.start([&] { require_broken([&] { static_cast<void>(meeting.arrive_and_wait_for(1h)); }); });
  workers.await_sleep();
  meeting.abort();
  workers.join();
  workers.start([&] { require_broken([&] { meeting.arrive_and_wait(); }); });
}

TEST_P(barrier_shared, reset_sends_away_those_who_wait_and_begins_anew) {
  barrier meeting(3);
  for (int round = 0; round < 20; ++round) {
    test_workers waiting(GetParam());
    waiting.start(2, [&] { require_broken([&] { meeting.arrive_and_wait(); }); });
    waiting.await_sleep();
    meeting.reset();
    EXPECT_FALSE(meeting.broken());
    // at once: the slow ones must not take the next phase for their own
    test_workers anew(GetParam());
    anew.start(3, [&] { meeting.arrive_and_wait(); });
  }
}

TEST_P(barrier_shared, reset_to_fewer_goes_on_without_the_dead) {
  barrier meeting(3);
  test_workers workers(GetParam());
  workers.start(2, [&] {
    require_broken([&] { meeting.arrive_and_wait(); });
    while (meeting.broken()) std::this_thread::yield();
    meeting.arrive_and_wait();
  });
  workers.await_sleep();
  meeting.abort();
  meeting.reset(2);
}

TEST_P(barrier_shared, one_that_runs_out_of_time_breaks_it_for_all) {
  barrier meeting(4);
  test_workers workers(GetParam());
  workers.start(2, [&] { require_broken([&] { meeting.arrive_and_wait(); }); });
  workers.await_sleep();
  workers.start([&] { require(!meeting.arrive_and_wait_for(50ms), "out of time"); });
  workers.join();
  EXPECT_TRUE(meeting.broken());
}

TEST_P(barrier_shared, longest_times_are_no_overflow) {
  barrier meeting(3);
  test_workers workers(GetParam());
  workers.start([&] { require(meeting.arrive_and_wait_for(std::chrono::hours::max()), "in time"); });
  workers.start([&] { require(meeting.arrive_and_wait_until(system_clock::time_point::max()), "in time"); });
  workers.await_sleep();
  meeting.arrive_and_wait();
}

// All have arrived, but the time of a wait is also a promise.
TEST_P(barrier_shared, completion_that_takes_longer_than_a_member_has_time_breaks_it) {
  const shared_number may_end(0);
  barrier meeting(2, [&] {
    while (*may_end == 0) std::this_thread::yield();
  });
  test_workers workers(GetParam());
  workers.start([&] {
    require(!meeting.arrive_and_wait_for(250ms), "out of time");
    *may_end = 1;
  });
  workers.await_sleep();
  workers.start([&] { require_broken([&] { meeting.arrive_and_wait(); }); });
}

TEST_P(barrier_shared, one_who_has_no_time_until_the_completion_ends_breaks_it) {
  const shared_number completing(0);
  const shared_number may_end(0);
  barrier meeting(2, [&] {
    *completing = 1;
    while (*may_end == 0) std::this_thread::yield();
  });
  test_workers workers(GetParam());
  workers.start(2, [&] { require_broken([&] { meeting.arrive_and_wait(); }); });
  while (*completing == 0) std::this_thread::yield();
  EXPECT_FALSE(meeting.arrive_and_wait_for(20ms));
  EXPECT_TRUE(meeting.broken());
  *may_end = 1;
}

TEST_P(barrier_shared, what_was_written_before_arrival_is_read_by_all_after_it) {
  struct numbers {
    int of[2]{};
  };
  const tequio::detail::shared_object<numbers> written;
  const shared_number next(0);
  barrier meeting(2);
  test_workers workers(GetParam());
  workers.start(2, [&] {
    const int self = (*next)++;
    for (int round = 1; round < 500; ++round) {
      written->of[self] = round;
      meeting.arrive_and_wait();
      require(written->of[1 - self] == round, "the other's number");
      meeting.arrive_and_wait();
    }
  });
}

TEST_P(barrier_shared, signals_every_millisecond_go_unnoticed) {
  barrier meeting(2);
  const shared_number in_storm(0);
  test_workers workers(GetParam());
  workers.start([&] {
    const tequio::test::signal_storm storm;
    const auto token = meeting.arrive();
    while (!storm.has_blown()) require(!meeting.wait_for(token, 10ms), "nobody else has come");
    *in_storm = 1;
    meeting.wait(token);
    const auto start = steady_clock::now();
    require(!meeting.arrive_and_wait_for(50ms) && steady_clock::now() - start >= 50ms, "all the time");
  });
  while (*in_storm == 0) std::this_thread::yield();
  std::this_thread::sleep_for(30ms);
  meeting.arrive_and_wait();
}

}  // namespace
