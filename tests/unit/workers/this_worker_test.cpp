// SPDX-License-Identifier: MIT
#include "tequio/this_worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/workers/stopped_item.hpp"
#include "tequio/serial.hpp"
#include "tequio/thread.hpp"
#include "tequio/threads.hpp"

namespace {

namespace this_worker = tequio::this_worker;

class this_worker_test : public tequio::test::leak_checked {};

TEST_F(this_worker_test, main_program_is_main_and_nobody_stops_it) {
  EXPECT_EQ(this_worker::name(), "main");
  EXPECT_EQ(this_worker::index(), 0U);
  EXPECT_EQ(this_worker::pid(), ::getpid());
  EXPECT_FALSE(this_worker::stop_requested());
  std::string other;
  std::jthread([&] { other = this_worker::name(); }).join();
  EXPECT_EQ(other, "main");
}

TEST_F(this_worker_test, thread_is_itself_and_the_others_are_not_changed) {
  tequio::thread named({.name = "uno"}, [] { return this_worker::name(); });
  tequio::thread anonymous([] { return this_worker::name() + "/" + std::to_string(this_worker::index()); });
  EXPECT_EQ(named.get(), "uno");
  EXPECT_THAT(anonymous.get(), testing::MatchesRegex("thread-([0-9]+)/([0-9]+)"));
  EXPECT_EQ(this_worker::name(), "main");
}

TEST_F(this_worker_test, workers_of_engines_are_numbered_from_0) {
  const std::vector<int> items(50);
  const auto who = [](int) { return this_worker::name() + " " + std::to_string(this_worker::index()); };
  const std::set<std::string> known{"worker-0 0", "worker-1 1"};
  tequio::threads threads(2);
  for (const std::string& name : threads.map(items, who)) EXPECT_TRUE(known.contains(name)) << name;
  for (const std::string& name : tequio::serial().map(items, who)) EXPECT_EQ(name, "main 0");
  EXPECT_EQ(this_worker::name(), "main");
}

TEST_F(this_worker_test, item_in_hand_sees_that_its_call_is_stopped) {
  tequio::threads threads(2);
  EXPECT_TRUE(tequio::test::item_sees_the_stop(threads));
}

}  // namespace
