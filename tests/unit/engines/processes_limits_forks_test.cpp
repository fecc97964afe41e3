// SPDX-License-Identifier: MIT
// `processes` under limits of the system, and the descriptors and memory they share with their caller.
#include "tequio/processes.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"

namespace {

using tequio::verdict;
using tequio::test::first_numbers;
using tequio::test::processes_test;

TEST_F(processes_test, no_processes_allowed_is_an_error_that_names_the_limits) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to become a user without processes";
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_NPROC, &none);
    // root is not bound by the limit
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
    try {
      static_cast<void>(tequio::processes(2).map(first_numbers(3), [](int n) { return n; }));
      ::_exit(3);
    } catch (const tequio::error& refused) {
      ::_exit(std::string(refused.what()).find("ulimit -u") != std::string::npos ? 0 : 4);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(processes_test, one_descriptor_short_goes_on_with_fewer_workers) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at memory through descriptors of its own";
  const auto before = tequio::test::holdings::now();
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  // room for the first worker's pipe and pidfd only
  const int highest = ::dup(0);
  ::close(highest);
  rlimit few = limit;
  few.rlim_cur = static_cast<rlim_t>(highest) + 4;
  ::setrlimit(RLIMIT_NOFILE, &few);
  const auto found = tequio::processes(8).map(first_numbers(100), [](int n) { return n; });
  ::setrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_EQ(found, first_numbers(100));
}

TEST_F(processes_test, result_that_shared_memory_cannot_hold_is_that_items_error) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "a process with a shadow has no address space to lose";
  const pid_t child = ::fork();
  if (child == 0) {
    // a child makes an arena of its own; the limit on file sizes stands for any limit on the arena
    const rlimit small{256 << 20, 256 << 20};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto outcomes = tequio::processes(2).try_map(first_numbers(3), [](int n) {
      return n == 1 ? std::string(std::size_t{200} << 20, 'x') : std::string("small");
    });
    const bool good = outcomes[0].has_value() && outcomes[2].has_value() && outcomes[1].verdict() == verdict::error &&
                      outcomes[1].failure().describe().find("shared memory") != std::string::npos;
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(processes_test, standard_descriptors_closed_at_start_are_not_taken) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (int number = 0; number < 3; ++number) ::close(number);
    const auto found = tequio::processes(2).map(first_numbers(10), [](int n) {
      return ::fcntl(n % 3, F_GETFD) == -1;  // still closed, also in the worker
    });
    ::_exit(std::ranges::all_of(found, [](bool closed) { return closed; }) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(processes_test, what_workers_print_appears_once) {
  const std::string text = tequio::test::printed_in_child([] {
    std::printf("before\n");
    tequio::processes(2).for_each(first_numbers(2), [](int) { std::printf("item\n"); });
    std::printf("after\n");
  });
  EXPECT_EQ(text, "before\nitem\nitem\nafter\n");
}

TEST_F(processes_test, inner_libraries_get_the_workers_share_of_the_processors) {
  ::unsetenv("OMP_NUM_THREADS");
  const auto shares =
      tequio::processes(64).map(first_numbers(2), [](int) { return std::string(std::getenv("OMP_NUM_THREADS")); });
  EXPECT_EQ(shares, (std::vector<std::string>{"1", "1"}));
}

}  // namespace
