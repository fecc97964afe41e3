// SPDX-License-Identifier: MIT
// The clock is set while others wait: no timed wait becomes shorter, and none longer by the jump of the clock.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "support/sanitizers.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/barrier.hpp"
#include "tequio/command.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"
#include "tequio/mutex.hpp"
#include "tequio/pipe.hpp"
#include "tequio/process.hpp"
#include "tequio/queue.hpp"
#include "tequio/recursive_mutex.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/shared_mutex.hpp"
#include "tequio/thread.hpp"

namespace {

// The calls of clock_gettime(CLOCK_REALTIME): each finds the clock set, by turns a day ahead and a day back.
std::atomic<int> looks_at_the_wall{0};
std::atomic<bool> jumping{false};

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which have one of their own
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long result = ::syscall(SYS_clock_gettime, clock, time);
  if (clock == CLOCK_REALTIME && jumping.load()) time->tv_sec += looks_at_the_wall++ % 2 == 0 ? 86400 : -86400;
  return static_cast<int>(result);
}
#endif

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto short_time = 30ms;

class clock_jumps : public tequio::test::processes_test {
 protected:
  void SetUp() override {
    tequio::test::processes_test::SetUp();
    if (tequio::test::address_sanitizer) GTEST_SKIP() << "AddressSanitizer has a clock_gettime() of its own";
    jumping = true;
  }
  void TearDown() override {
    jumping = false;
    tequio::test::processes_test::TearDown();
  }

  // The wait ends (else the watchdog does), without what it waits for, and not before its time.
  template <class Wait>
  static void expect_its_time(const char* what, const Wait& wait) {
    const auto start = steady_clock::now();
    EXPECT_FALSE(wait()) << what;
    EXPECT_GE(steady_clock::now() - start, short_time) << what;
  }
};

TEST_F(clock_jumps, this_test_moves_the_clock_that_the_library_would_see) {
  const auto first = std::chrono::system_clock::now();
  const auto second = std::chrono::system_clock::now();
  EXPECT_GT(std::chrono::abs(second - first), 40h);
}

TEST_F(clock_jumps, waits_of_the_primitives_last_their_time) {
  tequio::event never;
  expect_its_time("event", [&] { return never.wait_for(short_time); });
  tequio::latch open(1);
  expect_its_time("latch", [&] { return open.wait_for(short_time); });
  tequio::counting_semaphore none(0, 1);
  expect_its_time("semaphore", [&] { return none.try_acquire_for(short_time); });
  tequio::mutex guard;
  tequio::condition_variable silent;
  std::unique_lock lock(guard);
  expect_its_time("condition", [&] { return silent.wait_for(lock, short_time, [] { return false; }); });
  tequio::barrier lonely(2);
  expect_its_time("barrier", [&] { return lonely.arrive_and_wait_for(short_time); });
  tequio::shared_atomic<int> still(0);
  expect_its_time("atomic", [&] { return still.wait_for(0, short_time); });
}

TEST_F(clock_jumps, locks_that_another_holds_last_their_time) {
  tequio::mutex plain;
  tequio::recursive_mutex recursive;
  tequio::shared_mutex shared;
  tequio::event held;
  tequio::event enough;
  const tequio::process<> owner([&] {
    const std::scoped_lock all(plain, recursive, shared);
    held.set();
    enough.wait();
  });
  held.wait();
  expect_its_time("mutex", [&] { return plain.try_lock_for(short_time); });
  expect_its_time("recursive_mutex", [&] { return recursive.try_lock_for(short_time); });
  expect_its_time("shared_mutex", [&] { return shared.try_lock_for(short_time); });
  expect_its_time("shared_mutex, to read", [&] { return shared.try_lock_shared_for(short_time); });
  enough.set();
}

TEST_F(clock_jumps, messages_and_workers_last_their_time) {
  tequio::queue<int> empty(1);
  expect_its_time("pop", [&] { return empty.pop_for(short_time).has_value(); });
  EXPECT_TRUE(empty.push(1));
  expect_its_time("push", [&] { return empty.push_for(2, short_time); });
  tequio::pipe<int> silent;
  expect_its_time("receive", [&] { return silent.first.receive_for(short_time).has_value(); });
  tequio::event enough;
  const tequio::process<> waiting([&] { enough.wait(); });
  expect_its_time("process", [&] { return waiting.join_for(short_time); });
  expect_its_time("command", [] { return tequio::command({"sleep", "60"}).run({.timeout = short_time}).succeeded(); });
  enough.set();
  waiting.join();
}

}  // namespace
