// SPDX-License-Identifier: MIT
// One process where the system gives little or the program behaves oddly: limits, signals, threads, lost parents.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/open_descriptors.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/this_worker.hpp"

namespace {

using tequio::process;
using tequio::worker_error;
using tequio::worker_state;
using tequio::test::in_child;
using tequio::test::message_of;
using ::testing::HasSubstr;
using flag = std::atomic<std::uint32_t>;
using shared_flag = tequio::detail::shared_object<flag>;
using process_limits_test = tequio::test::processes_test;

void set(const shared_flag& word, std::uint32_t value = 1) {
  word->store(value);
  tequio::detail::futex_wake(*word, tequio::detail::every_sleeper);
}

void wait_for(const shared_flag& word) {
  while (word->load() == 0) tequio::detail::futex_wait(*word, 0, tequio::detail::no_deadline);
}

// Waits, without a limit, until a process is gone, or dead and not yet waited for by its new parent.
void wait_until_gone(pid_t pid) {
  for (;;) {
    std::FILE* const stat = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r");
    if (stat == nullptr) return;
    char state = 0;
    const int read = std::fscanf(stat, "%*d %*s %c", &state);
    std::fclose(stat);
    if (read == 1 && state == 'Z') return;
    ::usleep(500);
  }
}

TEST_F(process_limits_test, sigchld_ignored_by_the_program_loses_no_result_and_no_error) {
  EXPECT_EQ(in_child([] {
              ::signal(SIGCHLD, SIG_IGN);
              if (process([] { return 3; }).get() != 3) return 1;
              process thrown([] { throw std::runtime_error("boom"); });
              if (message_of(thrown).find("boom") == std::string::npos) return 2;
              process killed([] { ::raise(SIGKILL); });
              const std::string told = message_of(killed);
              if (told.find("SIGKILL") == std::string::npos && told.find("not known") == std::string::npos) return 3;
              return killed.running() ? 4 : 0;
            }),
            0);
}

TEST_F(process_limits_test, wait_for_any_child_elsewhere_loses_no_result) {
  process p([] { return 3; });
  while (::waitpid(-1, nullptr, 0) != p.pid()) {
  }
  EXPECT_EQ(p.get(), 3);
  EXPECT_EQ(p.status().state, worker_state::returned);
  process gone([] { ::_exit(4); });
  while (::waitpid(-1, nullptr, 0) != gone.pid()) {
  }
  EXPECT_FALSE(gone.running());
  EXPECT_THAT(message_of(gone), testing::AnyOf(HasSubstr("exited with code 4"), HasSubstr("why is not known")));
}

std::atomic<int> alarms{0};

TEST_F(process_limits_test, signals_every_millisecond_disturb_nothing) {
  struct sigaction counting {};
  counting.sa_handler = [](int) { alarms.fetch_add(1); };  // no SA_RESTART: every call is interrupted
  struct sigaction before {};
  ::sigaction(SIGPROF, &counting, &before);
  const itimerval millisecond{{0, 1000}, {0, 1000}};
  ::setitimer(ITIMER_REAL, &millisecond, nullptr);
  ::sigaction(SIGALRM, &counting, nullptr);
  for (int i = 0; i < 20; ++i) {
    const shared_flag go;
    process p([&] {
      ::setitimer(ITIMER_REAL, &millisecond, nullptr);
      ::sigaction(SIGALRM, &counting, nullptr);
      const int from = alarms.load();
      while (alarms.load() < from + 3) ::usleep(100);
      wait_for(go);
      return std::vector<int>(1'000'000, 5);
    });
    EXPECT_FALSE(p.join_for(std::chrono::milliseconds(5)));
    set(go);
    EXPECT_EQ(p.get().size(), 1'000'000U);
  }
  const itimerval none{};
  ::setitimer(ITIMER_REAL, &none, nullptr);
  ::signal(SIGALRM, SIG_DFL);
  ::sigaction(SIGPROF, &before, nullptr);
  EXPECT_GT(alarms.load(), 0);
}

TEST_F(process_limits_test, handlers_of_the_program_are_not_for_its_processes) {
  struct sigaction mine {};
  mine.sa_handler = [](int) { alarms.fetch_add(1); };
  struct sigaction before {};
  ::sigaction(SIGTERM, &mine, &before);
  shared_flag begun;
  process p([&] {
    set(begun);
    for (;;) ::pause();
  });
  wait_for(begun);
  ::kill(p.pid(), SIGINT);  // the program's to decide
  p.terminate();
  p.join();
  EXPECT_EQ(p.status().signal, SIGTERM);
  ::sigaction(SIGTERM, &before, nullptr);
}

TEST_F(process_limits_test, standard_descriptors_closed_at_start_are_not_taken) {
  EXPECT_EQ(
      in_child([] {
        for (int number = 0; number < 3; ++number) ::close(number);
        process p([] {
          return std::vector<bool>{::fcntl(0, F_GETFD) == -1, ::fcntl(1, F_GETFD) == -1, ::fcntl(2, F_GETFD) == -1};
        });
        return p.get() == std::vector<bool>(3, true) ? 0 : 1;
      }),
      0);
}

TEST_F(process_limits_test, stream_that_cannot_be_written_harms_no_result) {
  EXPECT_EQ(in_child([] {
              const int full = ::open("/dev/full", O_WRONLY);
              ::dup2(full, 1);
              process p([] {
                std::printf("lost");
                return 1;
              });
              return p.get() == 1 ? 0 : 1;
            }),
            0);
}

TEST_F(process_limits_test, no_descriptors_left_is_an_error_and_leaves_nothing) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at memory through descriptors of its own";
  static_cast<void>(tequio::detail::arena::here());
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int highest = ::dup(0);
  ::close(highest);
  for (rlim_t room = 0; room < 4; ++room) {
    rlimit few = limit;
    few.rlim_cur = static_cast<rlim_t>(highest) + room;
    ::setrlimit(RLIMIT_NOFILE, &few);
    std::string told;
    try {
      process p([] { return std::string("result in a file"); });
      told = p.get();
    } catch (const tequio::error& refused) {
      told = refused.what();
    }
    ::setrlimit(RLIMIT_NOFILE, &limit);
    EXPECT_THAT(told, HasSubstr("Too many open files")) << room;
    EXPECT_THAT(told, HasSubstr("ulimit -n")) << room;
  }
}

TEST_F(process_limits_test, no_processes_allowed_is_an_error) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to become a user without processes";
  EXPECT_EQ(in_child([] {
              const rlimit none{0, 0};
              ::setrlimit(RLIMIT_NPROC, &none);
              if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 2;  // root is not bound by the limit
              try {
                process p({.name = "uno"}, [] {});
                return 3;
              } catch (const tequio::error& refused) {
                const std::string told = refused.what();
                return told.find("process \"uno\"") != std::string::npos && told.find("ulimit -u") != std::string::npos
                           ? 0
                           : 4;
              }
            }),
            0);
}

TEST_F(process_limits_test, result_larger_than_allowed_is_an_error_and_no_signal) {
  EXPECT_EQ(in_child([] {
              const rlimit small{128 << 20, 128 << 20};
              ::setrlimit(RLIMIT_FSIZE, &small);
              process p([] { return std::string(std::size_t{200} << 20, 'x'); });
              try {
                static_cast<void>(p.get());
              } catch (const worker_error& refused) {
                return std::string(refused.what()).find("ulimit -f") != std::string::npos ? 0 : 1;
              }
              return 2;
            }),
            0);
}

TEST_F(process_limits_test, few_descriptors_each_and_none_once_it_has_been_joined) {
  const auto before = tequio::test::open_descriptors();
  const shared_flag go;
  std::vector<process<int>> all;
  for (int i = 0; i < 10; ++i)
    all.emplace_back(
        [&](int n) {
          wait_for(go);
          return n;
        },
        i);
  EXPECT_LE(tequio::test::open_descriptors(), before + 20);
  set(go);
  for (const auto& p : all) p.join();
  EXPECT_EQ(tequio::test::open_descriptors(), before);
}

TEST_F(process_limits_test, later_children_hold_no_descriptors_of_earlier_ones) {
  const shared_flag go;
  process<std::string> first([&] {
    wait_for(go);
    return std::string();
  });
  const auto count = [] { return tequio::test::open_descriptors(); };
  const auto alone = process(count).get();
  std::vector<process<std::string>> more;
  for (int i = 0; i < 5; ++i)
    more.emplace_back([&] {
      wait_for(go);
      return std::string();
    });
  EXPECT_EQ(process(count).get(), alone);
  // workers of an engine neither
  EXPECT_EQ(tequio::processes(1).map(std::vector{0}, [&](int) { return count(); })[0], alone);
  set(go);
}

TEST_F(process_limits_test, children_and_grandchildren_die_with_their_parent) {
  const tequio::detail::shared_object<std::atomic<pid_t>> child;
  const tequio::detail::shared_object<std::atomic<pid_t>> grandchild;
  const shared_flag ready;
  const pid_t parent = ::fork();
  if (parent == 0) {
    process p([&] {
      child->store(::getpid());
      process q([&] {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_BLOCK, &all, nullptr);
        grandchild->store(::getpid());
        set(ready);
        for (;;) {  // busy, and deaf to whatever can be blocked
        }
      });
      q.join();
    });
    p.join();
    ::_exit(0);
  }
  wait_for(ready);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  wait_until_gone(child->load());
  wait_until_gone(grandchild->load());
}

TEST_F(process_limits_test, object_inherited_by_a_fork_does_nothing_there) {
  const shared_flag go;
  auto p = std::make_unique<process<int>>([&] {
    wait_for(go);
    return 6;
  });
  EXPECT_EQ(in_child([&] {
              const auto refuses = [](const auto& call) {
                try {
                  call();
                } catch (const tequio::error& refused) {
                  return std::string(refused.what()).find("another process") != std::string::npos;
                }
                return false;
              };
              if (!refuses([&] { p->join(); }) || !refuses([&] { p->kill(); })) return 1;
              if (!refuses([&] { static_cast<void>(p->get()); }) || p->joinable()) return 2;
              p.reset();  // does not wait, and stops no process
              return 0;
            }),
            0);
  process other([&] {
    p.reset();
    return ::fcntl(0, F_GETFD);  // what it closed was its own
  });
  EXPECT_GE(other.get(), 0);
  EXPECT_FALSE(p->stop_requested());
  EXPECT_TRUE(p->running());
  set(go);
  EXPECT_EQ(p->get(), 6);
}

TEST_F(process_limits_test, program_with_other_threads_is_refused_unless_it_allows_it) {
  const shared_flag go;
  std::jthread other([&] { wait_for(go); });
  try {
    process p([] {});
    ADD_FAILURE() << "forked beside a thread";
  } catch (const tequio::unsafe_fork& refused) {
    EXPECT_EQ(refused.thread_count(), 2U);
    EXPECT_THAT(refused.what(), HasSubstr("this process has 2 threads"));
    EXPECT_THAT(refused.what(), HasSubstr("use a thread"));
  }
  EXPECT_EQ(process({.forking = tequio::forking::at_any_time}, [] { return 2; }).get(), 2);
  set(go);
}

TEST_F(process_limits_test, process_made_in_a_thread_outlives_the_thread) {
  const shared_flag go;
  std::optional<process<int>> p;
  std::thread([&] {
    p.emplace(tequio::process_options{.forking = tequio::forking::at_any_time}, [&] {
      wait_for(go);
      return 8;
    });
  }).join();
  EXPECT_FALSE(p->join_for(std::chrono::milliseconds(20)));
  set(go);
  EXPECT_EQ(p->get(), 8);
}

TEST_F(process_limits_test, hundreds_at_once_all_answer) {
  std::vector<process<std::string>> all;
  for (int i = 0; i < 200; ++i) all.emplace_back([](int n) { return std::to_string(n); }, i);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)].get(), std::to_string(i));
}

TEST_F(process_limits_test, engines_and_processes_work_inside_each_other) {
  process p([] {
    return tequio::processes(2).map(std::vector{1, 2, 3}, [](int n) { return process([=] { return n * 2; }).get(); });
  });
  EXPECT_EQ(p.get(), (std::vector{2, 4, 6}));
}

TEST_F(process_limits_test, callable_that_was_stopped_can_start_processes_and_no_more_beside_a_thread_than_before) {
  const auto threads = [] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) ++count;
    return count;
  };
  process p([&](std::stop_token stop) {
    // the token's own thread would have time enough to end
    for (int looks = 0; !stop.stop_requested() || (threads() == 2 && looks < 500); ++looks) ::usleep(100);
    if (process([] { return 5; }).get() != 5) return 1;
    std::jthread other([](const std::stop_token& done) {
      while (!done.stop_requested()) ::usleep(100);
    });
    try {
      process([] {}).join();
      return 2;
    } catch (const tequio::unsafe_fork&) {
      return 0;
    }
  });
  p.request_stop();
  EXPECT_EQ(p.get(), 0);
}

}  // namespace
