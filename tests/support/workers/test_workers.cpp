// SPDX-License-Identifier: MIT
#include "support/workers/test_workers.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>

#include "support/kill/step_killer.hpp"
#include "support/sanitizers.hpp"

namespace tequio::test {
void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

void test_workers::start(const std::function<void()>& body) {
  member& made = *m_members.emplace_back(std::make_unique<member>());
  if (m_kind == worker_kind::threads) {
    made.thread = std::thread([&made, body] {
      made.id->store(::gettid());
      try {
        body();
      } catch (const std::exception& thrown) {
        made.failure = thrown.what();
      }
    });
    return;
  }
  made.id->store(fork_with([&] {
    body();
    return 0;
  }));
}

void test_workers::await_sleep() const {
  for (const auto& each : m_members) {
    while (each->id->load() == 0) std::this_thread::yield();
    await_sleep_of(each->id->load());
  }
}

void test_workers::join() {
  for (const auto& each : m_members) {
    if (each->thread.joinable()) {
      each->thread.join();
    } else if (const int code = status_of(each->id->load()); code != 0) {
      each->failure = fmt::format("ended with {}", code);
    }
    EXPECT_EQ(each->failure, "");
  }
  m_members.clear();
}

void both_kinds_test::SetUp() {
  leak_checked::SetUp();
  if (GetParam() == worker_kind::processes && thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer sees no race between processes, and its own thread forbids the fork";
}

std::string name_of_kind(const ::testing::TestParamInfo<worker_kind>& test) {
  return test.param == worker_kind::threads ? "threads" : "processes";
}

}  // namespace tequio::test
