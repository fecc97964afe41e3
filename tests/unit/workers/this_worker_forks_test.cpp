// SPDX-License-Identifier: MIT
// What a callable in a forked process learns about its worker.
#include "tequio/this_worker.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/workers/stopped_item.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/thread.hpp"

namespace {

namespace this_worker = tequio::this_worker;
using tequio::process;

class this_worker_test : public tequio::test::leak_checked {};

TEST_F(this_worker_test, threads_of_a_process_have_its_name_unless_they_have_their_own) {
  process p({.name = "dos"}, [] {
    std::string plain;
    std::jthread([&] { plain = this_worker::name(); }).join();
    return plain + " " + tequio::thread({.name = "inner"}, [] { return this_worker::name(); }).get() + " " +
           this_worker::name();
  });
  EXPECT_EQ(p.get(), "dos inner dos");
}

TEST_F(this_worker_test, thread_inside_a_process_is_not_stopped_by_the_process) {
  process p([] {
    while (!this_worker::stop_requested()) ::usleep(100);
    return tequio::thread([] { return this_worker::stop_requested(); }).get();
  });
  p.request_stop();
  EXPECT_FALSE(p.get());
}

TEST_F(this_worker_test, workers_of_processes_are_numbered_from_0) {
  const auto who = [](int) { return this_worker::name() + " " + std::to_string(this_worker::index()); };
  const std::set<std::string> known{"worker-0 0", "worker-1 1"};
  for (const std::string& name : tequio::processes(2).map(std::vector<int>(50), who))
    EXPECT_TRUE(known.contains(name)) << name;
}

TEST_F(this_worker_test, item_in_a_process_sees_that_its_call_is_stopped) {
  tequio::processes processes(2, {.forking = tequio::forking::at_any_time});
  EXPECT_TRUE(tequio::test::item_sees_the_stop(processes));
}

}  // namespace
