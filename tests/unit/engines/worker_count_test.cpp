// SPDX-License-Identifier: MIT
#include "tequio/worker_count.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <thread>

#include "engines/worker_bounds.hpp"
#include "support/workers/affinity.hpp"
#include "tequio/cpu.hpp"
#include "tequio/error.hpp"
#include "tequio/processes.hpp"
#include "tequio/threads.hpp"

namespace {

using tequio::detail::decide_workers;

/// The answer of `question` in a fresh child of this process, where nothing is cached yet; -1 if the child dies.
int answer_in_child(const std::function<std::size_t()>& question) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(static_cast<int>(question()));
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class default_workers : public testing::Test {
 protected:
  default_workers() { ::unsetenv("TEQUIO_WORKERS"); }
};

TEST_F(default_workers, bad_environment_value_is_named_with_its_cure) {
  for (const std::string bad : {"abc", "0", "-1", "2.5", "2 3", "65537", "99999999999999999999999", "0x2"}) {
    ::setenv("TEQUIO_WORKERS", bad.c_str(), 1);
    try {
      static_cast<void>(tequio::default_workers());
      ADD_FAILURE() << bad << " is accepted";
    } catch (const tequio::error& failure) {
      EXPECT_EQ(std::string(failure.what()), "TEQUIO_WORKERS: \"" + bad +
                                                 "\" is not a number of workers; set it to a whole number from 1 to "
                                                 "65536, or unset it");
    }
  }
  ::unsetenv("TEQUIO_WORKERS");
}

TEST(workers, more_than_an_engine_can_have_are_refused) {
  EXPECT_THROW(static_cast<void>(tequio::processes(static_cast<std::size_t>(-1))), tequio::error);
  try {
    const tequio::threads crew(70000);
    FAIL() << "70,000 threads";
  } catch (const tequio::error& refused) {
    EXPECT_STREQ(refused.what(),
                 "70000 workers: an engine has 65536 at most; ask for fewer, or for 0: one for each processor");
  }
}

TEST_F(default_workers, environment_overrides) {
  ::setenv("TEQUIO_WORKERS", "7", 1);
  EXPECT_EQ(answer_in_child(tequio::default_workers), 7);
  EXPECT_EQ(decide_workers().reason, "7 workers: TEQUIO_WORKERS says so");
  ::setenv("TEQUIO_WORKERS", "", 1);
  EXPECT_EQ(decide_workers().reason.find("TEQUIO_WORKERS"), std::string::npos);
  ::unsetenv("TEQUIO_WORKERS");
}

TEST_F(default_workers, are_one_on_one_processor) {
  EXPECT_EQ(answer_in_child([] {
              tequio::test::allow_one_processor();
              return tequio::default_workers();
            }),
            1);
}

TEST_F(default_workers, first_answer_is_kept) {
  EXPECT_EQ(answer_in_child([] {
              const std::size_t before = tequio::default_workers();
              ::setenv("TEQUIO_WORKERS", "77", 1);
              return static_cast<std::size_t>(tequio::default_workers() == before);
            }),
            1);
}

TEST_F(default_workers, are_one_where_no_process_may_be_started) {
  EXPECT_EQ(answer_in_child([] {
              const rlimit one{.rlim_cur = 1, .rlim_max = 1};
              ::setrlimit(RLIMIT_NPROC, &one);
              return tequio::default_workers();
            }),
            1);
}

TEST_F(default_workers, are_the_share_inside_a_worker) {
  EXPECT_EQ(answer_in_child([] {
              tequio::detail::set_core_budget(5);
              return tequio::default_workers();
            }),
            5);
  EXPECT_EQ(answer_in_child([] {
              tequio::detail::set_core_budget(0);
              return tequio::default_workers();
            }),
            1);
}

TEST_F(default_workers, share_of_a_worker_wins_over_environment_and_first_answer) {
  EXPECT_EQ(answer_in_child([] {
              ::setenv("TEQUIO_WORKERS", "7", 1);
              static_cast<void>(tequio::default_workers());
              tequio::detail::set_core_budget(3);
              return tequio::default_workers();
            }),
            3);
}

TEST_F(default_workers, share_of_a_worker_thread_is_its_own) {
  const std::size_t outside = tequio::default_workers();
  std::size_t inside = 0;
  std::size_t in_its_child = 0;
  std::string reason;
  std::thread([&] {
    tequio::detail::set_thread_core_budget(9);
    inside = tequio::default_workers();
    reason = decide_workers().reason;
    in_its_child = static_cast<std::size_t>(answer_in_child([] {
      tequio::detail::set_core_budget(4);
      return tequio::default_workers();
    }));
  }).join();
  EXPECT_EQ(inside, 9U);
  EXPECT_EQ(in_its_child, 4U);
  EXPECT_EQ(reason, "9 workers: the share of this worker thread");
  EXPECT_EQ(tequio::default_workers(), outside);
}

TEST_F(default_workers, agree_in_all_threads) {
  EXPECT_EQ(answer_in_child([] {
              std::size_t first = 0;
              std::size_t second = 0;
              std::thread other([&] { first = tequio::default_workers(); });
              second = tequio::default_workers();
              other.join();
              return static_cast<std::size_t>(first == second && first > 0);
            }),
            1);
}

TEST(worker_decision, is_never_zero) {
  EXPECT_EQ(decide_workers({.processors = 8, .affinity = 8, .cpu_quota = 0.01}).workers, 1U);
  EXPECT_EQ(decide_workers({.processors = 8, .affinity = 8, .processes_available = 0}).workers, 1U);
  EXPECT_EQ(decide_workers({.processors = 0, .affinity = 0}).workers, 1U);
}

TEST(worker_decision, rounds_the_quota_up) {
  const auto with_quota = [](double quota) {
    return decide_workers({.processors = 8, .affinity = 8, .cpu_quota = quota}).workers;
  };
  EXPECT_EQ(with_quota(0.5), 1U);
  EXPECT_EQ(with_quota(1.0), 1U);
  EXPECT_EQ(with_quota(1.5), 2U);
  EXPECT_EQ(with_quota(7.01), 8U);
  EXPECT_EQ(with_quota(1e300), 8U);
  EXPECT_EQ(with_quota(std::numeric_limits<double>::infinity()), 8U);
}

TEST(worker_decision, says_why_in_one_sentence) {
  EXPECT_EQ(decide_workers({.processors = 2, .affinity = 2}).reason,
            "2 workers: the process may run on 2 of 2 processors; no cgroup quota");
  EXPECT_EQ(decide_workers({.processors = 8, .affinity = 1}).reason,
            "1 worker: the process may run on 1 of 8 processors; no cgroup quota");
  EXPECT_EQ(decide_workers({.processors = 1, .affinity = 1, .cpu_quota = 1.0}).reason,
            "1 worker: the process may run on 1 of 1 processor; the cgroup quota is 1 processor");
  EXPECT_EQ(decide_workers({.processors = 8, .affinity = 4, .cpu_quota = 1.5}).reason,
            "2 workers: the process may run on 4 of 8 processors; the cgroup quota is 1.5 processors");
  EXPECT_EQ(decide_workers({.processors = 8, .affinity = 8, .processes_available = 3}).reason,
            "3 workers: the process may run on 8 of 8 processors; no cgroup quota; the process limit leaves room for 3 "
            "processes");
}

}  // namespace
