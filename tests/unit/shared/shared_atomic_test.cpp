// SPDX-License-Identifier: MIT
#include "tequio/shared_atomic.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"

namespace {

using namespace std::chrono_literals;

class shared_atomic_test : public tequio::test::leak_checked {};

class shared_atomic_between_processes : public shared_atomic_test {
 protected:
  void SetUp() override {
    shared_atomic_test::SetUp();
    if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
  }
};

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

TEST_F(shared_atomic_test, waiting_ends_when_the_time_is_over_and_not_before) {
  const tequio::shared_atomic<int> value{3};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(value.wait_for(3, 150ms));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 150ms);
  EXPECT_FALSE(value.wait_for(3, -1s));
  EXPECT_TRUE(value.wait_for(4, -1s)) << "it differs already";
  EXPECT_FALSE(value.wait_until(3, std::chrono::system_clock::now() + 10ms));
}

TEST_F(shared_atomic_test, notify_all_wakes_all_threads) {
  tequio::shared_atomic<int> gate{0};
  tequio::shared_atomic<int> through{0};
  {
    std::vector<std::jthread> sleepers;
    for (int i = 0; i < 4; ++i)
      sleepers.emplace_back([&] {
        gate.wait(0);
        ++through;
      });
    gate = 1;
    gate.notify_all();
  }
  EXPECT_EQ(through, 4);
}

TEST_F(shared_atomic_test, has_the_members_of_std_atomic) {
  tequio::shared_atomic count{40U};
  EXPECT_EQ(count.fetch_add(2), 40U);
  EXPECT_EQ(count.exchange(5), 42U);
  unsigned expected = 4;
  EXPECT_FALSE(count.compare_exchange_strong(expected, 9));
  EXPECT_EQ(expected, 5U);
  EXPECT_TRUE(count.compare_exchange_strong(expected, 9));
  EXPECT_EQ(count += 3, 12U);
  EXPECT_EQ(count |= 1, 13U);
  EXPECT_EQ(count--, 13U);
  EXPECT_EQ(count.load(std::memory_order_relaxed), 12U);
  tequio::shared_atomic<double> sum;
  sum += 0.5;
  EXPECT_EQ(sum, 0.5);
  struct pair {
    int first = 1;
    int second = 2;
  };
  EXPECT_EQ(tequio::shared_atomic<pair>().load().second, 2);
}

// A handle is passed by reference: two of them for one value would be two owners.
static_assert(!std::is_copy_constructible_v<tequio::shared_atomic<int>> &&
              !std::is_move_constructible_v<tequio::shared_atomic<int>>);

}  // namespace
