// SPDX-License-Identifier: MIT
// An atomic value between processes, of which some are killed.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include "support/leak_check.hpp"
#include "tequio/shared_atomic.hpp"

namespace {

using namespace std::chrono_literals;

class shared_atomic_between_processes : public tequio::test::leak_checked {};

bool is_asleep(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  return text.find(") S ") != std::string::npos;
}

TEST_F(shared_atomic_between_processes, no_increment_is_lost) {
  tequio::shared_atomic<long> count;
  std::array<pid_t, 4> children{};
  for (pid_t& child : children) {
    child = ::fork();
    if (child == 0) {
      for (int i = 0; i < 100'000; ++i) ++count;
      ::_exit(0);
    }
  }
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  EXPECT_EQ(count, 400'000);
}

TEST_F(shared_atomic_between_processes, a_waiter_wakes_for_a_change_in_another_process) {
  tequio::shared_atomic<int> turn{0};
  constexpr int rounds = 1000;
  const pid_t child = ::fork();
  if (child == 0) {
    for (int i = 0; i < rounds; ++i) {
      turn.wait(2 * i);
      turn = 2 * i + 2;
      turn.notify_one();
    }
    ::_exit(0);
  }
  for (int i = 0; i < rounds; ++i) {
    turn = 2 * i + 1;
    turn.notify_one();
    turn.wait(2 * i + 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(turn, 2 * rounds);
}

TEST_F(shared_atomic_between_processes, a_notifier_killed_before_it_notifies_holds_nobody_up) {
  tequio::shared_atomic<int> flag{0};
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    while (!is_asleep(parent)) ::sched_yield();
    flag.store(1);
    ::raise(SIGKILL);
  }
  flag.wait(0);
  EXPECT_EQ(flag, 1);
  ::waitpid(child, nullptr, 0);
}

TEST_F(shared_atomic_between_processes, a_killed_sleeper_takes_no_wake_away) {
  tequio::shared_atomic<int> flag{0};
  const pid_t victim = ::fork();
  if (victim == 0) {
    flag.wait(0);
    ::_exit(0);
  }
  EXPECT_FALSE(flag.wait_for(0, 20ms));
  ::kill(victim, SIGKILL);
  ::waitpid(victim, nullptr, 0);
  const int exit_code = [&] {
    const pid_t sleeper = ::fork();
    if (sleeper == 0) {
      flag.wait(0);
      ::_exit(flag);
    }
    flag = 7;
    flag.notify_one();
    int status = 0;
    ::waitpid(sleeper, &status, 0);
    return WEXITSTATUS(status);
  }();
  EXPECT_EQ(exit_code, 7);
}

}  // namespace
