// SPDX-License-Identifier: MIT
// Results, errors, deaths and the life of one process; where little is allowed: process_limits_forks_test.cpp.
#include "tequio/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/this_worker.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::process;
using tequio::worker_error;
using tequio::worker_state;
using tequio::test::error_of;
using ::testing::HasSubstr;
using flag = std::atomic<std::uint32_t>;
using shared_flag = tequio::detail::shared_object<flag>;
using process_test = tequio::test::processes_test;

[[noreturn]] void sleep_for_ever() {
  for (;;) ::pause();
}

// A process that says when it has begun, so that a test does not stop it before.
void announce_and_sleep(const shared_flag& begun) {
  begun->store(1);
  tequio::detail::futex_wake(*begun, 1);
  sleep_for_ever();
}

void wait_for(const shared_flag& set) {
  while (set->load() == 0) tequio::detail::futex_wait(*set, 0, tequio::detail::no_deadline);
}

// Fails on one way or the other.
struct awkward {
  std::string text{};
};
template <class Archive>
void serialize(Archive& archive, awkward& value) {
  if (value.text == "write") throw std::runtime_error("cannot write");
  archive(value.text);
  if (std::is_same_v<Archive, tequio::reader> && value.text == "read") throw std::runtime_error("cannot read");
}

TEST_F(process_test, value_comes_back) {
  EXPECT_EQ(process([] { return 42; }).get(), 42);
  EXPECT_EQ(process([] { return std::string("text"); }).get(), "text");
  EXPECT_TRUE(process([] { return std::vector<std::string>{}; }).get().empty());
  process([] {}).get();
}

TEST_F(process_test, arguments_are_copied_or_moved_as_for_a_thread) {
  const std::string kept = "kept";
  auto moved = std::make_unique<int>(3);
  process p([](const std::string& a, std::unique_ptr<int> b, const char* c) { return a + std::to_string(*b) + c; },
            kept, std::move(moved), "!");
  EXPECT_EQ(p.get(), "kept3!");
  EXPECT_EQ(moved, nullptr);
}

TEST_F(process_test, big_input_is_not_copied_when_passed_by_cref) {
  const std::vector<int> big(1000, 7);
  process p([&](const std::vector<int>& seen) { return &seen == &big && seen[999] == 7; }, std::cref(big));
  EXPECT_TRUE(p.get());
}

TEST_F(process_test, results_that_point_elsewhere_are_known) {
  using tequio::detail::points_elsewhere;
  static_assert(points_elsewhere<std::array<const char*, 2>>);
  static_assert(points_elsewhere<std::variant<int, std::string_view>>);
  static_assert(!points_elsewhere<std::variant<int, std::array<double, 3>>>);
}

TEST_F(process_test, changes_stay_in_the_process) {
  int number = 1;
  process p([&] { return ++number; });
  EXPECT_EQ(p.get(), 2);
  EXPECT_EQ(number, 1);
}

TEST_F(process_test, member_functions_and_function_pointers_are_called) {
  struct counter {
    int start;
    int plus(int n) const { return start + n; }
  };
  EXPECT_EQ(process(&counter::plus, counter{40}, 2).get(), 42);
  EXPECT_EQ(process(&std::abs<int>, -5).get(), std::abs(-5));
}

TEST_F(process_test, get_can_be_called_again_and_after_join) {
  process p([] { return std::vector{1, 2, 3}; });
  p.join();
  p.join();
  EXPECT_FALSE(p.joinable());
  EXPECT_EQ(p.get(), (std::vector{1, 2, 3}));
  EXPECT_EQ(p.get(), (std::vector{1, 2, 3}));
}

TEST_F(process_test, large_result_does_not_wait_for_a_reader) {
  process p([] {
    std::vector<std::uint64_t> numbers(std::size_t{8} << 20);  // 64 MiB, far more than any pipe holds
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
  });
  p.join();
  const auto found = p.get();
  ASSERT_EQ(found.size(), std::size_t{8} << 20);
  EXPECT_EQ(found.back(), found.size() - 1);
}

TEST_F(process_test, exception_comes_back_as_text_naming_the_process) {
  process p({.name = "uno"}, [] { throw std::out_of_range("no such key"); });
  const worker_error thrown = error_of(p);
  EXPECT_THAT(thrown.what(), HasSubstr("process \"uno\" (pid " + std::to_string(p.pid())));
  EXPECT_THAT(thrown.what(), HasSubstr("std::out_of_range: no such key"));
  EXPECT_EQ(thrown.failure().kind, tequio::verdict::error);
  EXPECT_EQ(thrown.failure().pid, p.pid());
  ASSERT_EQ(thrown.failure().exceptions.size(), 1U);
  EXPECT_EQ(thrown.failure().exceptions[0].type, "std::out_of_range");
  EXPECT_EQ(p.status().state, worker_state::threw);
  EXPECT_EQ(p.status().exit_code, 1);
}

TEST_F(process_test, nested_and_unusual_exceptions_come_back) {
  process nested([] {
    try {
      throw std::runtime_error("inner");
    } catch (...) {
      std::throw_with_nested(std::logic_error("outer"));
    }
  });
  EXPECT_THAT(error_of(nested).what(), HasSubstr("outer, caused by std::runtime_error: inner"));
  EXPECT_THAT(error_of(process([] { throw 42; })).what(), HasSubstr("threw int"));
  struct silent : std::exception {
    const char* what() const noexcept override { return nullptr; }
  };
  EXPECT_THAT(error_of(process([] { throw silent(); })).what(), HasSubstr("silent"));
}

TEST_F(process_test, enormous_message_is_kept_as_far_as_there_is_room) {
  process p([] { throw std::runtime_error(std::string(std::size_t{10} << 20, 'x')); });
  EXPECT_EQ(error_of(p).failure().exceptions.at(0).message, std::string(64 << 10, 'x'));
  process deep([] {
    const std::string text(60'000, 'y');
    const auto throw_nested = [&](auto&& self, int depth) -> void {
      if (depth == 0) throw std::runtime_error(text);
      try {
        self(self, depth - 1);
      } catch (...) {
        std::throw_with_nested(std::runtime_error(text));
      }
    };
    throw_nested(throw_nested, 12);
  });
  EXPECT_EQ(error_of(deep).failure().exceptions.at(0).message, std::string(60'000, 'y'));
}

TEST_F(process_test, signal_that_killed_it_is_named) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer makes an exit of a crash";
  process p({.name = "dos"}, [] { ::raise(SIGSEGV); });
  const worker_error thrown = error_of(p);
  EXPECT_THAT(thrown.what(), HasSubstr("process \"dos\" (pid "));
  EXPECT_THAT(thrown.what(), HasSubstr("was killed by SIGSEGV (Segmentation fault)"));
  EXPECT_EQ(thrown.failure().signal, SIGSEGV);
  EXPECT_EQ(p.status(), (tequio::worker_status{.state = worker_state::killed, .signal = SIGSEGV}));
  EXPECT_EQ(p.status().describe(), "killed by SIGSEGV (Segmentation fault)");
}

TEST_F(process_test, exit_in_the_callable_is_no_success) {
  struct {
    void (*leave)(int);
  } const ways[]{{&::_exit}, {&std::_Exit}, {&std::quick_exit}, {[](int code) { std::exit(code); }}};
  for (const auto& way : ways) {
    for (const int code : {0, 7}) {
      process p([&] {
        way.leave(code);
        return 1;
      });
      EXPECT_THAT(error_of(p).what(), HasSubstr("exited with code " + std::to_string(code)));
      EXPECT_EQ(p.status(), (tequio::worker_status{.state = worker_state::exited, .exit_code = code}));
    }
  }
}

TEST_F(process_test, pthread_exit_in_the_callable_is_no_success) {
  process p([](std::stop_token) { ::pthread_exit(nullptr); });
  EXPECT_EQ(error_of(p).failure().kind, tequio::verdict::died);
}

TEST_F(process_test, throwing_while_the_result_is_written_or_read_is_an_error) {
  process unwritable([] { return awkward{.text = "write"}; });
  EXPECT_THAT(error_of(unwritable).what(), HasSubstr("threw std::runtime_error: cannot write"));
  process unreadable([] { return awkward{.text = "read"}; });
  EXPECT_THAT(error_of(unreadable).what(), HasSubstr("result of process"));
  EXPECT_THAT(error_of(unreadable).what(), HasSubstr("threw std::runtime_error: cannot read"));
}

TEST_F(process_test, terminate_and_kill_end_it) {
  const shared_flag begun;
  process p([&] { announce_and_sleep(begun); });
  wait_for(begun);
  EXPECT_TRUE(p.running());
  EXPECT_FALSE(p.join_for(0ms));
  p.terminate();
  p.join();
  EXPECT_EQ(p.status().signal, SIGTERM);
  EXPECT_FALSE(p.running());
  p.terminate();  // nothing to end any more
  begun->store(0);
  process stubborn([&] {
    ::signal(SIGTERM, SIG_IGN);
    announce_and_sleep(begun);
  });
  wait_for(begun);
  stubborn.terminate();
  EXPECT_FALSE(stubborn.join_for(20ms));
  stubborn.kill();
  stubborn.terminate();  // does not hide the other
  EXPECT_THAT(error_of(stubborn).what(), Not(HasSubstr("memory ran out")));
  EXPECT_EQ(stubborn.status().signal, SIGKILL);
}

TEST_F(process_test, stopped_process_can_be_killed) {
  const shared_flag begun;
  process p([&] { announce_and_sleep(begun); });
  wait_for(begun);
  ::kill(p.pid(), SIGSTOP);
  p.kill();
  p.join();
  EXPECT_EQ(p.status().signal, SIGKILL);
}

TEST_F(process_test, kill_by_somebody_else_is_told_with_the_likely_reason) {
  const shared_flag begun;
  process p([&] { announce_and_sleep(begun); });
  wait_for(begun);
  ::kill(p.pid(), SIGKILL);
  EXPECT_THAT(error_of(p).what(), HasSubstr("memory ran out"));
}

TEST_F(process_test, stop_is_seen_by_this_worker_and_by_a_stop_token) {
  process polls([] {
    while (!tequio::this_worker::stop_requested()) ::usleep(100);
    return 1;
  });
  EXPECT_FALSE(polls.stop_requested());
  EXPECT_TRUE(polls.request_stop());
  EXPECT_FALSE(polls.request_stop());
  EXPECT_TRUE(polls.stop_requested());
  EXPECT_EQ(polls.get(), 1);
  process sleeps(
      [](std::stop_token stop, int n) {
        std::atomic<std::uint32_t> woken{0};
        const std::stop_callback wake(stop, [&] {
          woken.store(1);
          tequio::detail::futex_wake(woken, 1);
        });
        while (woken.load() == 0) tequio::detail::futex_wait(woken, 0, tequio::detail::no_deadline);
        return n;
      },
      5);
  sleeps.request_stop();
  EXPECT_EQ(sleeps.get(), 5);
}

TEST_F(process_test, stop_requested_before_the_callable_starts_is_not_lost) {
  for (int i = 0; i < 50; ++i) {
    process p([](const std::stop_token& stop) {
      while (!stop.stop_requested()) ::usleep(50);
    });
    p.request_stop();
    p.get();
  }
}

TEST_F(process_test, destructor_asks_to_stop_and_waits) {
  const shared_flag ended;
  {
    process p([&] {
      while (!tequio::this_worker::stop_requested()) ::usleep(100);
      ended->store(1);
    });
  }
  EXPECT_EQ(ended->load(), 1U);
}

TEST_F(process_test, callable_with_a_stop_token_can_start_processes_of_its_own) {
  process p([](std::stop_token) { return process([] { return 5; }).get(); });
  EXPECT_EQ(p.get(), 5);
}

TEST_F(process_test, moves_leave_an_empty_object_and_keep_the_process) {
  process p([] { return 1; });
  const pid_t pid = p.pid();
  process q(std::move(p));
  EXPECT_EQ(q.pid(), pid);
  EXPECT_FALSE(p.joinable());
  EXPECT_THROW(p.join(), tequio::error);
  EXPECT_THROW(p.get(), tequio::error);
  q = process([] { return 2; });
  EXPECT_EQ(q.get(), 2);
}

TEST_F(process_test, processes_live_in_a_vector) {
  std::vector<process<int>> all;
  for (int i = 0; i < 20; ++i) all.emplace_back([](int n) { return n * n; }, i);
  all.push_back(process([] { return -1; }));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)].get(), i * i);
  EXPECT_EQ(all.back().get(), -1);
}

TEST_F(process_test, name_and_pid_are_told_on_both_sides) {
  process named({.name = "tres"}, [] { return tequio::this_worker::name(); });
  EXPECT_EQ(named.name(), "tres");
  EXPECT_EQ(named.get(), "tres");
  process anonymous([] { return std::make_pair(tequio::this_worker::name(), ::getpid()); });
  EXPECT_THAT(anonymous.name(), testing::MatchesRegex("process-[0-9]+"));
  EXPECT_EQ(anonymous.get(), std::make_pair(anonymous.name(), anonymous.pid()));
}

TEST_F(process_test, joins_with_a_limit_return_in_time_or_early) {
  process slow([] {
    while (!tequio::this_worker::stop_requested()) ::usleep(100);
  });
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(slow.join_for(20ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
  EXPECT_FALSE(slow.join_until(std::chrono::system_clock::now() - 1h));
  slow.request_stop();
  EXPECT_TRUE(slow.join_for(std::chrono::hours::max()));
  EXPECT_TRUE(slow.join_for(0ms));
}

TEST_F(process_test, several_threads_may_wait_for_one) {
  const shared_flag go;
  process p([&] {
    wait_for(go);
    return 9;
  });
  {
    std::vector<std::jthread> waiters;
    for (int i = 0; i < 4; ++i) waiters.emplace_back([&] { EXPECT_EQ(p.get(), 9); });
    go->store(1);
    tequio::detail::futex_wake(*go, 1);
  }
}

TEST_F(process_test, what_it_prints_appears_once_and_before_join_returns) {
  const std::string text = tequio::test::printed_in_child([] {
    std::printf("before ");
    process([] { std::printf("inside "); }).join();
    std::printf("after");
  });
  EXPECT_EQ(text, "before inside after");
}

}  // namespace
