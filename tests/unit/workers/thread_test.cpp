// SPDX-License-Identifier: MIT
// One thread with a result; what it shares with `process` is in the conformance tests.
#include "tequio/thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/open_descriptors.hpp"
#include "support/sanitizers.hpp"
#include "tequio/this_worker.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::thread;
using tequio::worker_error;
using tequio::worker_state;
using ::testing::HasSubstr;

class thread_test : public tequio::test::leak_checked {};

TEST_F(thread_test, value_comes_back_as_often_as_asked) {
  thread t([](int a, const std::string& b) { return std::vector<std::string>(static_cast<std::size_t>(a), b); }, 2,
           "x");
  t.join();
  EXPECT_EQ(t.get(), (std::vector<std::string>{"x", "x"}));
  EXPECT_EQ(t.get(), t.get());
  EXPECT_EQ(t.status().state, worker_state::returned);
  thread([] {}).get();
}

TEST_F(thread_test, value_that_cannot_be_copied_is_moved_out) {
  thread t([](std::unique_ptr<int> given) { return given; }, std::make_unique<int>(4));
  EXPECT_EQ(*t.get(), 4);
}

TEST_F(thread_test, references_are_shared_memory) {
  int number = 1;
  thread([](int& shared) { ++shared; }, std::ref(number)).get();
  EXPECT_EQ(number, 2);
}

TEST_F(thread_test, exception_is_named_and_nested_as_it_was) {
  struct own : std::out_of_range {
    using std::out_of_range::out_of_range;
    int detail = 7;
  };
  thread t({.name = "uno"}, [] { throw own("no such key"); });
  try {
    t.get();
    FAIL() << "nothing was thrown";
  } catch (const worker_error& thrown) {
    EXPECT_THAT(thrown.what(), HasSubstr("thread \"uno\" (pid " + std::to_string(::getpid())));
    EXPECT_THAT(thrown.what(), HasSubstr("no such key"));
    EXPECT_EQ(thrown.failure().kind, tequio::verdict::error);
    try {
      std::rethrow_if_nested(thrown);
      ADD_FAILURE() << "nothing is nested";
    } catch (const own& original) {
      EXPECT_EQ(original.detail, 7);
    }
  }
  EXPECT_EQ(t.status().state, worker_state::threw);
  EXPECT_THROW(t.get(), worker_error);
}

TEST_F(thread_test, pthread_exit_is_no_success_and_no_hang) {
  if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer loses count of a thread that leaves this way";
  thread t([] {
    ::pthread_exit(nullptr);
    return 1;
  });
  EXPECT_THROW(static_cast<void>(t.get()), worker_error);
  EXPECT_EQ(t.status().state, worker_state::exited);
}

TEST_F(thread_test, stop_is_seen_by_this_worker_and_by_a_stop_token) {
  thread polls([] {
    while (!tequio::this_worker::stop_requested()) std::this_thread::yield();
    return 1;
  });
  thread token(
      [](const std::stop_token& stop, int n) {
        while (!stop.stop_requested()) std::this_thread::yield();
        return n;
      },
      2);
  EXPECT_TRUE(polls.request_stop());
  EXPECT_FALSE(polls.request_stop());
  EXPECT_TRUE(polls.stop_requested());
  token.request_stop();
  EXPECT_EQ(polls.get() + token.get(), 3);
}

TEST_F(thread_test, destructor_asks_to_stop_and_waits) {
  std::atomic<bool> ended{false};
  {
    thread t([&] {
      while (!tequio::this_worker::stop_requested()) std::this_thread::yield();
      ended = true;
    });
  }
  EXPECT_TRUE(ended);
}

TEST_F(thread_test, joins_with_a_limit_return_in_time_or_early) {
  std::atomic<std::uint32_t> go{0};
  thread t([&] {
    while (go.load() == 0) tequio::detail::futex_wait(go, 0, tequio::detail::no_deadline);
  });
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(t.join_for(20ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
  EXPECT_TRUE(t.running());
  EXPECT_TRUE(t.joinable());
  go = 1;
  tequio::detail::futex_wake(go, 1);
  EXPECT_TRUE(t.join_until(std::chrono::system_clock::now() + 1h));
  EXPECT_FALSE(t.joinable());
  EXPECT_EQ(tequio::test::running_threads(), tequio::test::thread_sanitizer ? 2 : 1);
}

TEST_F(thread_test, several_threads_may_wait_for_one) {
  std::atomic<std::uint32_t> go{0};
  thread t([&] {
    while (go.load() == 0) tequio::detail::futex_wait(go, 0, tequio::detail::no_deadline);
    return 9;
  });
  std::vector<std::jthread> waiters;
  for (int i = 0; i < 4; ++i) waiters.emplace_back([&] { EXPECT_EQ(t.get(), 9); });
  go = 1;
  tequio::detail::futex_wake(go, 1);
  waiters.clear();
}

TEST_F(thread_test, waiting_for_oneself_is_an_error) {
  std::atomic<thread<>*> self{nullptr};
  std::atomic<bool> refused{false};
  thread<> t([&] {
    while (self.load() == nullptr) std::this_thread::yield();
    try {
      self.load()->join();
    } catch (const tequio::error& told) {
      refused = std::string(told.what()).find("would wait for itself") != std::string::npos;
    }
  });
  self = &t;
  t.join();
  EXPECT_TRUE(refused);
}

TEST_F(thread_test, threads_live_in_a_vector_and_move) {
  std::vector<thread<int>> all;
  for (int i = 0; i < 20; ++i) all.emplace_back([](int n) { return n * n; }, i);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)].get(), i * i);
  thread moved(std::move(all.front()));
  EXPECT_EQ(moved.get(), 0);
  EXPECT_THROW(static_cast<void>(all.front().get()), tequio::error);
  moved = thread([] { return 5; });
  EXPECT_EQ(moved.get(), 5);
}

TEST_F(thread_test, ten_thousand_one_after_the_other_leave_nothing) {
  long sum = 0;
  for (int i = 0; i < 10'000; ++i) sum += thread([i] { return i; }).get();
  EXPECT_EQ(sum, 49'995'000);
}

}  // namespace
