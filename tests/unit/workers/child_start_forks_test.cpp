// SPDX-License-Identifier: MIT
// What a process finds when it begins, and what of it is written where.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/process.hpp"

namespace {

using tequio::process;
using child_start_test = tequio::test::processes_test;

// Cancels a thread that may be cancelled at any time, and says whether that ended by it.
bool cancel_a_thread() {
  static std::atomic<bool> ready;
  ready = false;
  const auto sleep = [](void*) -> void* {
    ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
    for (ready = true;; ::pause()) {
    }
  };
  pthread_t thread{};
  if (::pthread_create(&thread, nullptr, sleep, nullptr) != 0) return false;
  while (!ready) ::sched_yield();
  void* ended_with = nullptr;
  return ::pthread_cancel(thread) == 0 && ::pthread_join(thread, &ended_with) == 0 && ended_with == PTHREAD_CANCELED;
}

TEST_F(child_start_test, threads_of_a_process_can_be_cancelled_as_those_of_its_parent) {
  // glibc sets its handler for this once in a program
  ASSERT_EQ(tequio::test::in_child([] {
              if (!cancel_a_thread()) return 1;
              return process(cancel_a_thread).get() ? 0 : 2;
            }),
            0);
}

TEST_F(child_start_test, parents_handlers_are_gone_and_what_it_ignores_is_ignored) {
  const auto handled = [](int) {};
  for (const int signal : {SIGUSR1, SIGTERM, SIGRTMIN, SIGRTMAX}) ::signal(signal, handled);
  ::signal(SIGUSR2, SIG_IGN);
  const auto action_of = [](int signal) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    return action.sa_handler;
  };
  EXPECT_TRUE(process([&] {
                for (const int signal : {SIGUSR1, SIGTERM, SIGRTMIN, SIGRTMAX})
                  if (action_of(signal) != SIG_DFL) return false;
                return action_of(SIGUSR2) == SIG_IGN && action_of(SIGINT) == SIG_IGN;
              }).get());
  for (const int signal : {SIGUSR1, SIGTERM, SIGRTMIN, SIGRTMAX, SIGUSR2}) ::signal(signal, SIG_DFL);
}

TEST_F(child_start_test, results_of_all_sizes_come_back_whole) {
  for (const std::size_t size : {0, 1, 100, 503, 504, 505, 511, 512, 513, 4096, 65536, 70000, 300000}) {
    const std::string expected(size, static_cast<char>('a' + size % 26));
    EXPECT_TRUE(process([&] { return expected; }).get() == expected) << size;
    // in many pieces
    const std::vector<std::string> pieces(size / 16, "sixteen letters!");
    EXPECT_TRUE(process([&] { return pieces; }).get() == pieces) << size;
  }
}

TEST_F(child_start_test, streams_with_buffers_of_their_own_are_flushed_too) {
  class loud : public std::stringbuf {
   public:
    int syncs = 0;

   private:
    int sync() override {
      ++syncs;
      return 0;
    }
  } buffer;
  std::streambuf* const before = std::cout.rdbuf(&buffer);
  process([] {}).get();
  std::cout.rdbuf(before);
  EXPECT_EQ(buffer.syncs, 1);  // the parent's, before the fork
}

}  // namespace
