// SPDX-License-Identifier: MIT
#include "support/party.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>

#include "support/sanitizers.hpp"
#include "support/step_killer.hpp"

namespace tequio::test {
void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

void party::start(const std::function<void()>& body) {
  member& made = *m_members.emplace_back(std::make_unique<member>());
  if (m_kind == kind::threads) {
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

void party::await_sleep() const {
  for (const auto& each : m_members) {
    while (each->id->load() == 0) std::this_thread::yield();
    await_sleep_of(each->id->load());
  }
}

void party::join() {
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

void party_test::SetUp() {
  leak_checked::SetUp();
  if (GetParam() == party::kind::processes && thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer sees no race between processes, and its own thread forbids the fork";
}

std::string name_of_kind(const ::testing::TestParamInfo<party::kind>& test) {
  return test.param == party::kind::threads ? "threads" : "processes";
}

}  // namespace tequio::test
