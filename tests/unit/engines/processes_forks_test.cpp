// SPDX-License-Identifier: MIT
// The promises of `processes` alone: a worker and its caller may die in any way, and no item is lost, no process left.
#include "tequio/processes.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <thread>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/interruption.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/this_worker.hpp"
#include "tequio/threads.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::verdict;
using tequio::test::first_numbers;
using tequio::test::processes_test;
using ::testing::HasSubstr;

// All items but `victim` have their value, in order.
void expect_all_but(const std::vector<tequio::outcome<int>>& outcomes, std::size_t victim) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (i == victim) continue;
    ASSERT_TRUE(outcomes[i].has_value()) << i << ": " << outcomes[i].failure().describe();
    ASSERT_EQ(*outcomes[i], static_cast<int>(i));
  }
}

TEST_F(processes_test, item_that_kills_its_worker_is_named_and_the_others_go_on) {
  struct death {
    void (*die)();
    int signal;
    int exit_code;
  };
  const std::vector<death> deaths{
      {[] { ::raise(SIGKILL); }, SIGKILL, 0},
      {[] { ::signal(SIGSEGV, SIG_DFL), ::raise(SIGSEGV); }, SIGSEGV, 0},
      {[] { ::signal(SIGABRT, SIG_DFL), std::abort(); }, SIGABRT, 0},
      {[] { ::raise(SIGTERM); }, SIGTERM, 0},
      {[] { ::_exit(0); }, 0, 0},
      {[] { ::_exit(3); }, 0, 3},
      {[] { std::quick_exit(4); }, 0, 4},
  };
  for (const std::size_t workers : {1U, 2U, 4U}) {
    tequio::processes crew(workers);
    for (const death& how : deaths) {
      for (const std::size_t chunk : {0U, 1U, 100U}) {
        const auto outcomes = crew.try_map(first_numbers(100), {.chunk = chunk}, [&](int n) {
          if (n == 42) how.die();
          return n;
        });
        expect_all_but(outcomes, 42);
        ASSERT_EQ(outcomes[42].verdict(), verdict::died);
        EXPECT_EQ(outcomes[42].failure().signal, how.signal);
        EXPECT_EQ(outcomes[42].failure().exit_code, how.exit_code);
        EXPECT_GT(outcomes[42].failure().pid, 0);
      }
    }
  }
}

TEST_F(processes_test, death_is_described_by_signal_or_exit_code) {
  tequio::processes crew(2);
  const auto outcomes = crew.try_map(first_numbers(2), [](int n) -> int {
    if (n == 0) ::raise(SIGKILL);
    ::_exit(7);
  });
  EXPECT_THAT(outcomes[0].failure().describe(), HasSubstr("killed by SIGKILL (Killed)"));
  EXPECT_THAT(outcomes[0].failure().describe(), HasSubstr("when memory ran out"));
  EXPECT_THAT(outcomes[1].failure().describe(), HasSubstr("exited with code 7"));
}

TEST_F(processes_test, exit_that_runs_handlers_is_a_death_too) {
  tequio::processes crew(2);
  const auto outcomes = crew.try_map(first_numbers(3), [](int n) {
    if (n == 1) std::exit(0);
    return n;
  });
  expect_all_but(outcomes, 1);
  EXPECT_EQ(outcomes[1].verdict(), verdict::died);
}

TEST_F(processes_test, every_item_may_die) {
  tequio::processes crew(3);
  const auto outcomes = crew.try_map(first_numbers(60), [](int) -> int {
    ::raise(SIGKILL);
    return 0;
  });
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.verdict(), verdict::died);
}

TEST_F(processes_test, worker_killed_from_outside_at_any_moment_costs_at_most_the_item_in_its_hand) {
  // another process kills workers at moments of its own; each item must have its value or its death
  tequio::processes crew(2);
  for (int round = 0; round < 20; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t killer = ::fork();
    if (killer == 0) {
      pid_t victim = 0;
      for (int kills = 0; kills < 3 && ::read(pipe_ends[0], &victim, sizeof victim) == sizeof victim; ++kills) {
        ::usleep(static_cast<useconds_t>(137 * round));
        ::kill(victim, SIGKILL);
      }
      ::_exit(0);
    }
    const auto outcomes = crew.try_map(first_numbers(20000), {.chunk = 1}, [&](int n) {
      if (n % 5000 == 1) {
        const pid_t self = ::getpid();
        if (::write(pipe_ends[1], &self, sizeof self) < 0) return -1;
      }
      return n;
    });
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);
    ::waitpid(killer, nullptr, 0);
    int deaths = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].has_value()) {
        ASSERT_EQ(*outcomes[i], static_cast<int>(i));
      } else {
        ASSERT_EQ(outcomes[i].verdict(), verdict::died);
        ++deaths;
      }
    }
    EXPECT_LE(deaths, 3);
  }
}

TEST_F(processes_test, item_that_died_is_tried_again_only_as_often_as_asked) {
  tequio::processes crew(2);
  auto* tries =
      static_cast<std::atomic<int>*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  const auto outcomes = crew.try_map(first_numbers(10), {.retries = 3}, [&](int n) {
    if (n == 4 && tries[0].fetch_add(1) < 2) ::raise(SIGKILL);
    if (n == 6) tries[1].fetch_add(1), ::raise(SIGKILL);
    return n;
  });
  expect_all_but(outcomes, 6);
  EXPECT_EQ(tries[0].load(), 3);
  EXPECT_EQ(tries[1].load(), 4);
  EXPECT_EQ(outcomes[6].failure().attempts, 4U);
  ::munmap(tries, 4096);
}

TEST_F(processes_test, item_over_its_time_is_ended_and_the_others_go_on) {
  tequio::processes crew(2);
  const auto outcomes = crew.try_map(first_numbers(50), {.timeout = 1s}, [](int n) {
    if (n == 17)
      for (;;) ::pause();
    return n;
  });
  expect_all_but(outcomes, 17);
  EXPECT_EQ(outcomes[17].verdict(), verdict::timed_out);
  EXPECT_EQ(outcomes[17].failure().describe(), "timed out and was stopped");
}

TEST_F(processes_test, stopped_worker_counts_as_over_its_time) {
  tequio::processes crew(2);
  const auto outcomes = crew.try_map(first_numbers(10), {.timeout = 1s}, [](int n) {
    if (n == 3) ::raise(SIGSTOP);
    return n;
  });
  expect_all_but(outcomes, 3);
  EXPECT_EQ(outcomes[3].verdict(), verdict::timed_out);
}

TEST_F(processes_test, fail_fast_after_a_death_cancels_what_is_behind) {
  tequio::processes crew(2);
  tequio::shared_atomic<pid_t> dead(0);
  const auto outcomes = crew.try_map(first_numbers(1000), {.chunk = 1, .on_error = tequio::on_error::stop}, [&](int n) {
    if (n == 20) {
      dead.store(::getpid());
      ::raise(SIGKILL);
    }
    if (n > 20) {  // not before the death has been seen
      while (dead.load() == 0 || ::kill(dead.load(), 0) == 0) ::usleep(100);
      ::usleep(1000);
    }
    return n;
  });
  for (std::size_t i = 0; i < 20; ++i) ASSERT_TRUE(outcomes[i].has_value());
  EXPECT_EQ(outcomes[20].verdict(), verdict::died);
  EXPECT_EQ(outcomes[999].verdict(), verdict::cancelled);
}

TEST_F(processes_test, stop_ends_items_that_never_end_after_the_grace) {
  tequio::processes crew(2);
  std::stop_source source;
  int reports = 0;
  const auto outcomes = crew.try_map(first_numbers(10),
                                     {.chunk = 1,
                                      .progress =
                                          [&](const tequio::progress&) {
                                            if (++reports == 1) source.request_stop();
                                          },
                                      .stop = source.get_token(),
                                      .grace = 50ms},
                                     [](int) -> int {
                                       for (;;) ::pause();
                                     });
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.verdict(), verdict::cancelled);
}

TEST_F(processes_test, interruption_stops_the_call_and_keeps_what_is_done) {
  const tequio::interruption interrupted;
  tequio::processes crew(2);
  const pid_t caller = ::getpid();
  const auto outcomes = crew.try_map(first_numbers(1000), {.chunk = 1}, [&](int n) {
    if (n == 100) ::kill(caller, SIGINT);
    if (n > 100)
      while (!tequio::this_worker::stop_requested()) ::usleep(100);
    return n;
  });
  EXPECT_EQ(tequio::interruption::signal(), SIGINT);
  ASSERT_TRUE(outcomes[0].has_value());
  EXPECT_EQ(outcomes[999].verdict(), verdict::cancelled);
  // the engine stays stopped while the interruption lives, and a new one starts afresh
  EXPECT_EQ(crew.try_map(first_numbers(1), [](int n) { return n; })[0].verdict(), verdict::cancelled);
}

TEST_F(processes_test, program_with_other_threads_is_refused_and_told_the_cures) {
  tequio::threads others(2);
  tequio::processes crew(2);
  try {
    static_cast<void>(crew.map(first_numbers(3), [](int n) { return n; }));
    FAIL() << "forked beside threads";
  } catch (const tequio::unsafe_fork& refused) {
    EXPECT_EQ(refused.thread_count(), 3U);
    EXPECT_THAT(refused.what(), HasSubstr("this process has 3 threads"));
    EXPECT_THAT(refused.what(), HasSubstr("at_any_time"));
  }
  tequio::processes allowed(2, {.forking = tequio::forking::at_any_time});
  EXPECT_EQ(allowed.map(first_numbers(3), [](int n) { return n; }), first_numbers(3));
}

TEST_F(processes_test, threads_that_have_ended_do_not_count) {
  std::thread([] {}).join();
  EXPECT_EQ(tequio::processes(2).map(first_numbers(3), [](int n) { return n; }), first_numbers(3));
  // nor do they count while the kernel still lists them: here the first thread, as long as the others live
  EXPECT_EQ(
      tequio::test::in_child([] {
        std::thread([] {
          for (char state = 'R'; state != 'Z';) std::ifstream("/proc/self/stat").ignore(100, ')') >> state;
          ::_exit(tequio::processes(2).map(first_numbers(3), [](int n) { return n; }) == first_numbers(3) ? 0 : 1);
        }).detach();
        ::syscall(SYS_exit, 0);  // the first thread alone
        return 2;
      }),
      0);
}

// Waits without a limit until all processes in the list have ended: the watchdog fails the test where one does not.
void wait_until_gone(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes)
    while (::kill(process, 0) == 0 && ::waitpid(process, nullptr, WNOHANG) <= 0) std::this_thread::sleep_for(1ms);
}

TEST_F(processes_test, busy_workers_end_when_their_caller_is_killed) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  int pids[2];
  ASSERT_EQ(::pipe(pids), 0);
  const pid_t caller = ::fork();
  if (caller == 0) {
    tequio::processes(2).for_each(first_numbers(2), [&](int) {
      sigset_t all;
      ::sigfillset(&all);
      ::sigprocmask(SIG_BLOCK, &all, nullptr);
      const rlimit minute{60, 60};
      ::setrlimit(RLIMIT_CPU, &minute);  // so that no worker stays behind where this test fails
      ::prctl(PR_SET_PDEATHSIG, 0);      // the lifeline alone must end the worker
      const pid_t self = ::getpid();
      if (::write(pids[1], &self, sizeof self) < 0) return;
      for (std::atomic<std::uint64_t> spin = 0;;) ++spin;
    });
    ::_exit(0);
  }
  std::vector<pid_t> workers(2);
  for (pid_t& worker : workers) ASSERT_EQ(::read(pids[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
  ::kill(caller, SIGKILL);
  ::waitpid(caller, nullptr, 0);
  wait_until_gone(workers);
  ::close(pids[0]);
  ::close(pids[1]);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(processes_test, caller_that_ignores_its_children_still_gets_their_verdicts) {
  ::signal(SIGCHLD, SIG_IGN);
  tequio::processes crew(2);
  const auto outcomes = crew.try_map(first_numbers(10), [](int n) {
    if (n == 5) ::raise(SIGKILL);
    return n;
  });
  EXPECT_EQ(::signal(SIGCHLD, SIG_DFL), SIG_IGN);
  expect_all_but(outcomes, 5);
  EXPECT_EQ(outcomes[5].failure().signal, SIGKILL);
}

TEST_F(processes_test, signals_every_millisecond_change_nothing) {
  struct sigaction tick {};
  tick.sa_handler = [](int) {};  // without SA_RESTART: every system call may be interrupted
  ::sigaction(SIGALRM, &tick, nullptr);
  const itimerval every_millisecond{{0, 1000}, {0, 1000}};
  ::setitimer(ITIMER_REAL, &every_millisecond, nullptr);
  tequio::processes crew(4);
  for (int round = 0; round < 20; ++round) {
    const auto found = crew.map(first_numbers(200), [](int n) {
      ::usleep(10);
      return std::to_string(n);
    });
    EXPECT_EQ(found[199], "199");
  }
  const itimerval off{};
  ::setitimer(ITIMER_REAL, &off, nullptr);
  ::signal(SIGALRM, SIG_DFL);
}

}  // namespace
