// SPDX-License-Identifier: MIT
// A thread and its object in forked processes.
#include "tequio/thread.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>

#include "support/leak_check.hpp"
#include "support/workers/in_child.hpp"

namespace {

using tequio::thread;

class thread_test : public tequio::test::leak_checked {};

TEST_F(thread_test, object_inherited_by_a_fork_does_nothing_there) {
  std::atomic<std::uint32_t> go{0};
  auto t = std::make_unique<thread<>>([&] {
    while (go.load() == 0) tequio::detail::futex_wait(go, 0, tequio::detail::no_deadline);
  });
  EXPECT_EQ(tequio::test::in_child([&] {
              try {
                t->join();
                return 1;
              } catch (const tequio::error&) {
              }
              t.reset();
              return 0;
            }),
            0);
  go = 1;
  tequio::detail::futex_wake(go, 1);
}

TEST_F(thread_test, no_thread_to_be_had_is_an_error) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to become a user without processes";
  EXPECT_EQ(tequio::test::in_child([] {
              const rlimit none{0, 0};
              ::setrlimit(RLIMIT_NPROC, &none);
              if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 2;  // root is not bound by the limit
              try {
                thread t({.name = "uno"}, [] {});
                return 3;
              } catch (const tequio::error& refused) {
                const std::string told = refused.what();
                return told.find("thread \"uno\"") != std::string::npos && told.find("ulimit -u") != std::string::npos
                           ? 0
                           : 4;
              }
            }),
            0);
}

}  // namespace
