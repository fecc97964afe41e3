// SPDX-License-Identifier: MIT
// What every engine's submit() and its futures promise, run for each with 1, 2 and 4 workers.
#include "support/workers/engine_crews.hpp"
#include "tequio/future.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/workers/in_child.hpp"
#include "tequio/engine.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/this_worker.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::any_engine;

class submit_conformance : public tequio::test::engine_test {
 protected:
  static bool is(std::string_view engine) { return engine == GetParam().engine; }
};
INSTANTIATE_TEST_SUITE_P(all, submit_conformance, ::testing::ValuesIn(tequio::test::all_engines()),
                         tequio::test::name_of_engine);

TEST_P(submit_conformance, results_of_any_kind_come_back_and_can_be_asked_for_again) {
  auto engine = crew();
  const auto sum = engine.submit([](int a, int b) { return a + b; }, 40, 2);
  const auto text = engine.submit([](std::string one) { return one + one; }, "ab");
  const auto nothing = engine.submit([] {});
  EXPECT_EQ(sum.get(), 42);
  EXPECT_EQ(sum.get(), 42);
  EXPECT_EQ(text.get(), "abab");
  nothing.get();
  EXPECT_TRUE(sum.ready());
}

TEST_P(submit_conformance, exception_comes_out_of_get) {
  auto engine = crew();
  const auto failed = engine.submit([]() -> int { throw std::out_of_range("no such key"); });
  try {
    static_cast<void>(failed.get());
    FAIL() << "no error";
  } catch (const tequio::worker_error& thrown) {
    EXPECT_EQ(thrown.failure().describe(), "std::out_of_range: no such key");
    if (!is("processes")) {
      EXPECT_THROW(std::rethrow_if_nested(thrown), std::out_of_range);
    }
  }
}

TEST_P(submit_conformance, never_more_calls_at_once_than_workers) {
  auto engine = crew();
  tequio::shared_atomic<int> running(0);
  tequio::shared_atomic<int> most(0);
  std::vector<tequio::future<int>> futures;
  for (int n = 0; n < 20; ++n)
    futures.push_back(engine.submit([&, n] {
      const int now = running.fetch_add(1) + 1;
      for (int seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(2ms);
      running.fetch_sub(1);
      return n;
    }));
  for (int n = 0; n < 20; ++n) EXPECT_EQ(futures[static_cast<std::size_t>(n)].get(), n);
  EXPECT_LE(most.load(), static_cast<int>(GetParam().workers));
}

TEST_P(submit_conformance, waiting_ends_with_the_time_and_destructor_with_the_call) {
  if (is("serial")) GTEST_SKIP() << "a call is over when it has been submitted";
  auto engine = crew();
  tequio::shared_atomic<int> ended(0);
  {
    const auto waits = engine.submit([&] {
      while (!tequio::this_worker::stop_requested()) std::this_thread::sleep_for(1ms);
      ended.store(1);
    });
    EXPECT_FALSE(waits.ready());
    EXPECT_FALSE(waits.wait_for(5ms));
    EXPECT_FALSE(waits.wait_until(std::chrono::system_clock::now() + 5ms));
  }
  EXPECT_EQ(ended.load(), 1);
}

TEST_P(submit_conformance, call_submitted_inside_a_call_is_not_waited_for_in_vain) {
  auto engine = crew();
  const auto outer = engine.submit([&] { return engine.submit([] { return 7; }).get() + 1; });
  EXPECT_EQ(outer.get(), 8);
}

TEST_P(submit_conformance, sigchld_ignored_by_the_program_loses_no_call) {
  if (!is("processes")) GTEST_SKIP() << "only processes end with a signal";
  EXPECT_EQ(tequio::test::in_child([this] {
              ::signal(SIGCHLD, SIG_IGN);
              for (int i = 0; i < 200; ++i)
                if (crew().submit([i] { return i; }).get() != i) return 1;
              return 0;
            }),
            0);
}

TEST_P(submit_conformance, future_without_a_call_says_so) {
  const tequio::future<int> none;
  EXPECT_FALSE(none.valid());
  EXPECT_THROW(static_cast<void>(none.get()), tequio::error);
  auto engine = crew();
  auto first = engine.submit([] { return 1; });
  const auto second = std::move(first);
  EXPECT_TRUE(second.valid());
  EXPECT_EQ(second.get(), 1);
}

TEST_P(submit_conformance, killed_call_is_an_error_and_makes_room) {
  if (!is("processes")) GTEST_SKIP() << "only a process can be killed";
  auto engine = crew();
  for (int n = 0; n < 6; ++n) {
    const auto dies = engine.submit([] { ::raise(SIGKILL); });
    EXPECT_THROW(dies.get(), tequio::worker_error);
  }
}

}  // namespace
