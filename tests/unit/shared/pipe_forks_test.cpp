// SPDX-License-Identifier: MIT
// A pipe between processes, which may die; pipe_test.cpp has the threads.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>

#include "support/kill/step_killer.hpp"
#include "support/leak_check.hpp"
#include "support/workers/signal_storm.hpp"
#include "tequio/event.hpp"
#include "tequio/pipe.hpp"
#include "tequio/process.hpp"

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using tequio::test::await_sleep_of;
using tequio::test::fork_with;
using tequio::test::kill_and_reap;
using tequio::test::status_of;

class pipe_processes_test : public tequio::test::leak_checked {};

TEST_F(pipe_processes_test, two_processes_talk) {
  tequio::pipe<int, std::string> talk(3);
  const pid_t answering = fork_with([&] {
    while (const auto number = talk.second.receive())
      if (!talk.second.send(std::to_string(*number))) return 1;
    return 0;
  });
  for (int i = 0; i < 2000; ++i) {
    EXPECT_TRUE(talk.first.send(i));
    ASSERT_EQ(talk.first.receive(), std::to_string(i));
  }
  talk.first.close();
  EXPECT_EQ(status_of(answering), 0);
}

TEST_F(pipe_processes_test, when_the_other_process_ends_what_it_sent_comes_and_then_nothing) {
  tequio::pipe<std::string> talk;
  const pid_t other = fork_with([&] {
    for (int i = 0; i < 3; ++i)
      if (!talk.second.send("message " + std::to_string(i))) return 1;
    return 0;
  });
  EXPECT_EQ(status_of(other), 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(talk.first.receive(), "message " + std::to_string(i));
  EXPECT_EQ(talk.first.receive(), std::nullopt);
  EXPECT_EQ(talk.first.receive_for(1h), std::nullopt);
  EXPECT_TRUE(talk.first.poll());
  EXPECT_TRUE(talk.first.poll_for(-1s));
  EXPECT_TRUE(talk.first.ended());
}

TEST_F(pipe_processes_test, copies_that_other_processes_inherited_keep_no_end_open) {
  tequio::pipe<int> talk;
  tequio::pipe<int> never;
  const pid_t before = fork_with([&] { return never.second.receive() ? 1 : 0; });
  const pid_t other = fork_with([&] { return talk.second.send(1) && talk.second.receive() ? 1 : 0; });
  const pid_t after = fork_with([&] { return never.second.receive() ? 1 : 0; });
  EXPECT_EQ(talk.first.receive(), 1);
  const pid_t waiting = fork_with([&] { return talk.first.receive() ? 1 : 0; });
  await_sleep_of(waiting);
  kill_and_reap(other);
  EXPECT_EQ(status_of(waiting), 0);
  EXPECT_EQ(talk.first.receive(), std::nullopt);
  never.first.close();
  EXPECT_EQ(status_of(before), 0);
  EXPECT_EQ(status_of(after), 0);
}

TEST_F(pipe_processes_test, a_process_that_ended_and_was_not_waited_for_has_ended) {
  tequio::pipe<int> talk;
  const pid_t other = fork_with([&] { return talk.second.send(1) ? 0 : 1; });
  EXPECT_EQ(talk.first.receive(), 1);
  EXPECT_EQ(talk.first.receive(), std::nullopt);  // a zombie by then
  EXPECT_EQ(status_of(other), 0);
}

TEST_F(pipe_processes_test, who_waits_for_a_child_killed_before_it_used_its_end_waits_no_more) {
  tequio::pipe<int> talk;
  const pid_t other = fork_with([] {
    ::pause();
    return 0;
  });
  // a process of its own, so that this one need not be alone
  const pid_t maker = fork_with([&] {
    tequio::pipe<int> own;
    const pid_t child = fork_with([&] {
      ::pause();
      return own.second.send(1) ? 0 : 1;
    });
    if (own.first.receive_for(150ms) || own.first.ended()) return 1;  // it may still be used
    ::kill(child, SIGKILL);
    if (own.first.receive()) return 2;
    return status_of(child) == 1000 + SIGKILL ? 0 : 3;
  });
  EXPECT_EQ(status_of(maker), 0);
  kill_and_reap(other);
}

TEST_F(pipe_processes_test, a_child_whose_parent_dies_waits_no_more) {
  tequio::pipe<int> reports;
  const pid_t parent = fork_with([&] {
    tequio::pipe<int> talk;
    const pid_t child = fork_with([&] {
      if (talk.second.receive()) return 1;
      return reports.second.send(7) ? 0 : 1;
    });
    await_sleep_of(child);
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(reports.first.receive_for(30s), 7);
  EXPECT_EQ(status_of(parent), 1000 + SIGKILL);
}

TEST_F(pipe_processes_test, sending_to_a_full_end_whose_process_died_ends) {
  tequio::pipe<int> talk(1);
  const pid_t other = fork_with([&] { return talk.second.send(1) && talk.second.receive() ? 1 : 0; });
  EXPECT_EQ(talk.first.receive(), 1);
  await_sleep_of(other);
  kill_and_reap(other);
  EXPECT_TRUE(talk.first.send(1));
  EXPECT_FALSE(talk.first.send(2));
}

TEST_F(pipe_processes_test, another_process_may_take_an_end_over) {
  tequio::pipe<int> talk;
  for (int i = 0; i < 3; ++i) {
    const pid_t other = fork_with([&] { return talk.second.send(i) ? 0 : 1; });
    EXPECT_EQ(talk.first.receive(), i);
    EXPECT_EQ(status_of(other), 0);
    EXPECT_EQ(talk.first.receive(), std::nullopt);
  }
}

// The waiter is not the maker, which lives on; so only the hand-over tells which process had the other end.
TEST_F(pipe_processes_test, a_process_handed_an_end_as_argument_may_die_before_it_used_it) {
  tequio::pipe<int> line;
  const auto die = [](tequio::pipe_end<int>&) { ::raise(SIGKILL); };
  tequio::process<> dying(die, std::ref(line.second));
  tequio::process waiting([](tequio::pipe_end<int>& end) { return end.receive().has_value(); }, std::ref(line.first));
  EXPECT_FALSE(waiting.get());
  EXPECT_EQ(line.first.receive_for(1h), std::nullopt);  // timed, here
}

TEST_F(pipe_processes_test, a_process_handed_an_end_by_number_may_die_before_it_used_it) {
  tequio::pipe<int> line;
  tequio::process<> dying([&] { ::raise(SIGKILL); });
  line.second.hand_to(dying.pid());
  tequio::process waiting([&] { return line.first.receive().has_value(); });
  EXPECT_FALSE(waiting.get());
}

TEST_F(pipe_processes_test, an_end_handed_over_that_was_used_before_stays_with_its_user) {
  tequio::pipe<int> line;
  tequio::process<> using_it([&] { EXPECT_TRUE(line.second.send(1)); });
  using_it.join();
  line.second.hand_to(::getpid());
  EXPECT_EQ(line.first.receive(), 1);
  EXPECT_EQ(line.first.receive(), std::nullopt);
}

TEST_F(pipe_processes_test, an_end_whose_process_died_may_be_handed_to_another) {
  tequio::pipe<int> line;
  tequio::process<> dying([](tequio::pipe_end<int>&) { ::raise(SIGKILL); }, std::ref(line.second));
  dying.join();
  EXPECT_TRUE(line.first.ended());
  tequio::event go;
  const auto send = [&](tequio::pipe_end<int>& end) {
    go.wait();
    EXPECT_TRUE(end.send(7));
  };
  tequio::process<> next(send, std::ref(line.second));
  EXPECT_FALSE(line.first.ended());
  go.set();
  EXPECT_EQ(line.first.receive(), 7);
}

TEST_F(pipe_processes_test, a_process_that_has_no_descriptors_left_is_not_taken_for_a_dead_one) {
  tequio::pipe<int> line;
  tequio::event go;
  tequio::process<> poor([&] {
    const rlimit none{0, 0};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    EXPECT_TRUE(line.second.send(1));
    go.wait();
    EXPECT_TRUE(line.second.send(2));
  });
  EXPECT_EQ(line.first.receive(), 1);
  EXPECT_FALSE(line.first.ended());
  go.set();
  EXPECT_EQ(line.first.receive(), 2);
  poor.join();
  EXPECT_EQ(line.first.receive(), std::nullopt);
}

TEST_F(pipe_processes_test, signals_every_millisecond_disturb_nothing) {
  tequio::pipe<std::string> talk(2);
  const pid_t one = fork_with([&] {
    const tequio::test::signal_storm storm;
    for (std::size_t i = 0; i < 100; ++i)
      if (!talk.first.send(std::string(i * 1000, 'a')) || talk.first.receive() != std::string(i * 1000, 'b')) return 1;
    const auto start = clock_type::now();
    if (talk.first.poll_for(50ms) || clock_type::now() - start < 50ms) return 2;
    return 0;
  });
  const pid_t other = fork_with([&] {
    const tequio::test::signal_storm storm;
    for (std::size_t i = 0; i < 100; ++i)
      if (talk.second.receive() != std::string(i * 1000, 'a') || !talk.second.send(std::string(i * 1000, 'b')))
        return 1;
    return talk.second.receive() ? 2 : 0;
  });
  EXPECT_EQ(status_of(one), 0);
  EXPECT_EQ(status_of(other), 0);
}

}  // namespace
