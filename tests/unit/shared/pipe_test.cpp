// SPDX-License-Identifier: MIT
#include "tequio/pipe.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

class pipe_test : public tequio::test::leak_checked {};

TEST_F(pipe_test, what_one_end_sends_the_other_receives_both_ways) {
  tequio::pipe<int, std::string> talk;
  EXPECT_TRUE(talk.first.send(1));
  EXPECT_TRUE(talk.second.send("one"));
  EXPECT_TRUE(talk.first.send(2));
  EXPECT_EQ(talk.second.receive(), 1);
  EXPECT_EQ(talk.first.receive(), "one");
  EXPECT_EQ(talk.second.receive(), 2);
  EXPECT_EQ(talk.second.try_receive(), std::nullopt);
}

TEST_F(pipe_test, message_boundaries_are_kept) {
  tequio::pipe<std::string> talk;
  const std::vector<std::string> messages{"", "a", "", std::string(100'000, 'b'), std::string("\0c", 2)};
  for (const auto& message : messages) EXPECT_TRUE(talk.first.send(message));
  for (const auto& message : messages) EXPECT_EQ(talk.second.receive(), message);
}

TEST_F(pipe_test, messages_of_16_MiB_and_more_go_both_ways_at_once) {
  tequio::pipe<std::string> talk;
  const std::string large((std::size_t{16} << 20) + 3, 'x');
  EXPECT_TRUE(talk.first.send(large));
  EXPECT_TRUE(talk.second.send(large));
  EXPECT_TRUE(talk.first.send(large + 'y'));
  EXPECT_TRUE(talk.first.receive() == large);
  EXPECT_TRUE(talk.second.receive() == large);
  EXPECT_TRUE(talk.second.receive() == large + 'y');
}

TEST_F(pipe_test, poll_tells_without_and_with_times_of_every_kind) {
  tequio::pipe<int> talk;
  EXPECT_FALSE(talk.first.poll());
  EXPECT_FALSE(talk.first.poll_for(0s));
  EXPECT_FALSE(talk.first.poll_for(-1h));
  EXPECT_FALSE(talk.first.poll_until(clock_type::time_point::min()));
  const auto start = clock_type::now();
  EXPECT_FALSE(talk.first.poll_for(150ms));
  EXPECT_GE(clock_type::now() - start, 150ms);
  EXPECT_TRUE(talk.second.send(1));
  EXPECT_TRUE(talk.first.poll());
  EXPECT_TRUE(talk.first.poll_for(-1h));
  EXPECT_TRUE(talk.first.poll_for(std::chrono::hours::max()));
  EXPECT_EQ(talk.first.receive(), 1);
  EXPECT_FALSE(talk.first.poll());
  EXPECT_FALSE(talk.first.ended());
}

TEST_F(pipe_test, receive_waits_its_time) {
  tequio::pipe<int> talk(1);
  const auto start = clock_type::now();
  EXPECT_EQ(talk.first.receive_for(20ms), std::nullopt);
  EXPECT_EQ(talk.first.receive_until(clock_type::now() + 150ms), std::nullopt);
  EXPECT_GE(clock_type::now() - start, 170ms);
  EXPECT_TRUE(talk.first.send_for(1, 0s));
  EXPECT_FALSE(talk.first.try_send(2));
  EXPECT_FALSE(talk.first.send_for(2, 20ms));
  EXPECT_FALSE(talk.first.closed());
}

TEST_F(pipe_test, after_close_each_end_receives_what_was_sent_and_then_nothing) {
  tequio::pipe<int> talk;
  EXPECT_TRUE(talk.first.send(1));
  EXPECT_TRUE(talk.second.send(2));
  talk.first.close();
  EXPECT_TRUE(talk.second.closed());
  EXPECT_FALSE(talk.second.ended());
  EXPECT_FALSE(talk.second.send(3));
  EXPECT_EQ(talk.second.receive(), 1);
  EXPECT_EQ(talk.second.receive(), std::nullopt);
  EXPECT_TRUE(talk.second.poll());
  EXPECT_TRUE(talk.second.ended());
  EXPECT_EQ(talk.first.receive(), 2);
  EXPECT_EQ(talk.first.receive_for(1h), std::nullopt);
}

TEST_F(pipe_test, close_wakes_who_waits) {
  tequio::pipe<int> talk(1);
  EXPECT_TRUE(talk.first.send(1));
  std::jthread receiver([&] { EXPECT_EQ(talk.first.receive(), std::nullopt); });
  std::jthread sender([&] { EXPECT_FALSE(talk.first.send(2)); });
  std::jthread poller([&] { EXPECT_TRUE(talk.first.poll_for(1h)); });
  std::this_thread::sleep_for(20ms);
  talk.second.close();
}

TEST_F(pipe_test, two_threads_talk) {
  tequio::pipe<int, std::string> talk(3);
  std::jthread answering([&] {
    while (const auto number = talk.second.receive()) EXPECT_TRUE(talk.second.send(std::to_string(*number)));
  });
  for (int i = 0; i < 2000; ++i) {
    EXPECT_TRUE(talk.first.send(i));
    ASSERT_EQ(talk.first.receive(), std::to_string(i));
  }
  talk.first.close();
}

}  // namespace
