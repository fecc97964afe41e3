// SPDX-License-Identifier: MIT
#include "tequio/this_worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/serial.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/thread.hpp"
#include "tequio/threads.hpp"

namespace {

namespace this_worker = tequio::this_worker;
using tequio::process;

class this_worker_test : public tequio::test::leak_checked {};

void skip_without_fork() {
  if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
}

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

TEST_F(this_worker_test, threads_of_a_process_have_its_name_unless_they_have_their_own) {
  if (skip_without_fork(); IsSkipped()) return;
  process p({.name = "dos"}, [] {
    std::string plain;
    std::jthread([&] { plain = this_worker::name(); }).join();
    return plain + " " + tequio::thread({.name = "inner"}, [] { return this_worker::name(); }).get() + " " +
           this_worker::name();
  });
  EXPECT_EQ(p.get(), "dos inner dos");
}

TEST_F(this_worker_test, thread_inside_a_process_is_not_stopped_by_the_process) {
  if (skip_without_fork(); IsSkipped()) return;
  process p([] {
    while (!this_worker::stop_requested()) ::usleep(100);
    return tequio::thread([] { return this_worker::stop_requested(); }).get();
  });
  p.request_stop();
  EXPECT_FALSE(p.get());
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

TEST_F(this_worker_test, workers_of_processes_are_numbered_from_0) {
  if (skip_without_fork(); IsSkipped()) return;
  const auto who = [](int) { return this_worker::name() + " " + std::to_string(this_worker::index()); };
  const std::set<std::string> known{"worker-0 0", "worker-1 1"};
  for (const std::string& name : tequio::processes(2).map(std::vector<int>(50), who))
    EXPECT_TRUE(known.contains(name)) << name;
}

// An item that ends when its call is stopped, and only then.
template <class Engine>
bool item_sees_the_stop(Engine& engine) {
  std::stop_source source;
  tequio::shared_atomic<int> begun(0);
  std::jthread asks([&] {
    while (begun.load() == 0) ::usleep(100);
    source.request_stop();
  });
  const auto outcomes =
      engine.try_map(std::vector{1}, {.stop = source.get_token(), .grace = std::chrono::minutes(1)}, [&](int n) {
        begun.store(1);
        while (!this_worker::stop_requested()) ::usleep(100);
        return n;
      });
  return outcomes[0].has_value();
}

TEST_F(this_worker_test, item_in_hand_sees_that_its_call_is_stopped) {
  tequio::threads threads(2);
  EXPECT_TRUE(item_sees_the_stop(threads));
}

TEST_F(this_worker_test, item_in_a_process_sees_that_its_call_is_stopped) {
  if (skip_without_fork(); IsSkipped()) return;
  tequio::processes processes(2, {.forking = tequio::forking::at_any_time});
  EXPECT_TRUE(item_sees_the_stop(processes));
}

}  // namespace
