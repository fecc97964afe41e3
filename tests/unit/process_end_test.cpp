// SPDX-License-Identifier: MIT
// How the end of a process is seen where the program makes that hard.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "support/in_child.hpp"
#include "support/processes_fixture.hpp"
#include "tequio/process.hpp"

namespace {

using tequio::process;
using tequio::worker_error;
using tequio::test::in_child;
using process_end_test = tequio::test::processes_test;

std::string message_of(const process<>& p) {
  try {
    p.get();
  } catch (const worker_error& thrown) {
    return thrown.what();
  }
  return "nothing was thrown";
}

TEST_F(process_end_test, end_is_seen_where_no_descriptors_are_allowed_any_more) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at memory through descriptors of its own";
  EXPECT_EQ(in_child([] {
              process<std::string> p([] {
                const rlimit none{0, 0};
                ::setrlimit(RLIMIT_NOFILE, &none);
                return std::string("done");
              });
              process failing([] {
                const rlimit none{0, 0};
                ::setrlimit(RLIMIT_NOFILE, &none);
                throw std::runtime_error("boom");
              });
              const rlimit none{0, 0};
              ::setrlimit(RLIMIT_NOFILE, &none);
              while (!p.join_for(std::chrono::milliseconds(1))) ::usleep(500);
              while (failing.running()) ::usleep(500);
              if (message_of(failing).find("boom") == std::string::npos) return 1;
              return p.get() == "done" ? 0 : 2;
            }),
            0);
}

}  // namespace
