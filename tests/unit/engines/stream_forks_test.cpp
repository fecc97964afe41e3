// SPDX-License-Identifier: MIT
// The cases of a stream over forked workers alone: deaths, time limits, memory that must be given back.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/interruption.hpp"
#include "tequio/processes.hpp"
#include "tequio/shared_atomic.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::verdict;
using tequio::test::first_numbers;

class stream_processes_test : public tequio::test::processes_test {};

// Memory behind all arenas of this program, in bytes.
std::size_t arena_bytes() {
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    struct stat file {};
    std::error_code gone;
    if (!std::filesystem::read_symlink(entry.path(), gone).string().starts_with("/memfd:tequio")) continue;
    if (::stat(entry.path().c_str(), &file) == 0) bytes += static_cast<std::size_t>(file.st_blocks) * 512;
  }
  return bytes;
}

TEST_F(stream_processes_test, item_that_kills_its_worker_is_named_and_the_others_go_on) {
  for (const std::size_t workers : {1U, 2U, 4U}) {
    tequio::processes crew(workers);
    std::size_t item = 0;
    for (auto& one : crew.try_stream(first_numbers(60), [](int n) {
           if (n % 20 == 7) ::raise(n == 7 ? SIGUSR1 : SIGKILL);
           if (n == 30) ::_exit(3);
           return n;
         })) {
      if (item % 20 == 7) {
        ASSERT_EQ(one.verdict(), verdict::died) << item;
        EXPECT_EQ(one.failure().item, item);
        EXPECT_EQ(one.failure().signal, item == 7 ? SIGUSR1 : SIGKILL);
      } else if (item == 30) {
        ASSERT_EQ(one.verdict(), verdict::died);
        EXPECT_EQ(one.failure().exit_code, 3);
      } else {
        ASSERT_TRUE(one.has_value()) << item;
        EXPECT_EQ(*one, static_cast<int>(item));
      }
      ++item;
    }
    EXPECT_EQ(item, 60U);
  }
}

TEST_F(stream_processes_test, item_that_kills_its_worker_is_tried_again_where_asked) {
  tequio::processes crew(2);
  tequio::shared_atomic<int> tries(0);
  int expected = 0;
  for (auto& one : crew.try_stream_unordered(first_numbers(30), {.retries = 2}, [&](int n) {
         if (n == 11 && tries.fetch_add(1) < 2) ::raise(SIGKILL);
         return n;
       })) {
    EXPECT_TRUE(one.has_value());
    ++expected;
  }
  EXPECT_EQ(expected, 30);
  EXPECT_EQ(tries.load(), 3);
}

TEST_F(stream_processes_test, workers_killed_while_they_wait_are_replaced) {
  tequio::processes crew(2);
  auto pids = crew.stream(std::views::iota(0), {.ahead = 2}, [](int) { return ::getpid(); });
  for (int n = 0; n < 20; ++n) {
    const auto pid = pids.next();
    ASSERT_TRUE(pid.has_value());
    ::kill(*pid, SIGKILL);
    std::this_thread::sleep_for(1ms);
  }
}

TEST_F(stream_processes_test, item_that_takes_too_long_is_ended) {
  tequio::processes crew(2);
  std::vector<verdict> found;
  for (auto& one : crew.try_stream(first_numbers(6), {.timeout = 1s}, [](int n) {
         if (n == 2) std::this_thread::sleep_for(1h);
         return n;
       }))
    found.push_back(one.verdict());
  EXPECT_EQ(found, (std::vector{verdict::value, verdict::value, verdict::timed_out, verdict::value, verdict::value,
                                verdict::value}));
}

TEST_F(stream_processes_test, leaving_early_kills_what_outlasts_the_grace) {
  tequio::processes crew(2);
  tequio::shared_atomic<bool> sleeps(false);
  auto results = crew.stream_unordered(std::views::iota(0), {.grace = 10ms}, [&](int n) {
    if (n == 3) {
      sleeps.store(true);
      std::this_thread::sleep_for(1h);
    }
    return n;
  });
  while (!sleeps.load()) EXPECT_TRUE(results.next());
}

TEST_F(stream_processes_test, slow_item_holds_nobody_back_where_order_does_not_matter) {
  tequio::processes crew(2);
  auto results = crew.stream_unordered(std::views::iota(0), {.ahead = 4, .grace = 0s}, [](int n) {
    if (n == 0) std::this_thread::sleep_for(1h);
    return n;
  });
  for (int n = 1; n < 1000; ++n) ASSERT_EQ(results.next(), n);
}

TEST_F(stream_processes_test, memory_of_results_that_were_read_is_given_back) {
  tequio::processes crew(2);
  const std::size_t before = arena_bytes();
  std::size_t most = 0;
  std::size_t count = 0;
  for (const auto& block : crew.stream(std::views::iota(0, 2000), {.ahead = 4}, [](int n) {
         return std::string(std::size_t{1} << 20U, static_cast<char>('a' + n % 26));
       })) {
    ASSERT_EQ(block.size(), std::size_t{1} << 20U);
    ASSERT_EQ(block.back(), static_cast<char>('a' + count % 26));
    if (++count % 100 == 0) most = std::max(most, arena_bytes());
  }
  EXPECT_EQ(count, 2000U);
  EXPECT_LE(most - before, std::size_t{16} << 20U);
  EXPECT_LE(arena_bytes(), before + 4096);
}

TEST_F(stream_processes_test, thread_started_in_the_loop_does_not_fork_under_it) {
  tequio::processes crew(1);
  auto results = crew.stream(std::views::iota(0), {.ahead = 1}, [](int n) {
    if (n == 2) ::raise(SIGKILL);
    return n;
  });
  EXPECT_EQ(results.next(), 0);
  std::jthread other([](const std::stop_token& stop) {
    while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
  });
  EXPECT_EQ(results.next(), 1);
  EXPECT_THROW(
      {
        while (true) {
          try {
            static_cast<void>(results.next());
          } catch (const tequio::task_error&) {  // item 2
          }
        }
      },
      tequio::unsafe_fork);
  EXPECT_FALSE(results.next().has_value());
}

TEST_F(stream_processes_test, interruption_ends_an_endless_stream) {
  const tequio::interruption keys;
  tequio::processes crew(2);
  std::size_t values = 0;
  std::size_t cancelled = 0;
  for (auto& one : crew.try_stream(std::views::iota(0), [](int n) { return n; })) {
    if (one && ++values == 100) ::raise(SIGINT);
    if (!one) ++cancelled;
  }
  EXPECT_GE(values, 100U);
  EXPECT_LE(values + cancelled, 100U + 2 * 2 + 8);
}

TEST_F(stream_processes_test, item_that_closes_all_descriptors_holds_nobody_up) {
  tequio::processes crew(2);
  std::vector<std::string> found;
  for (auto&& text : crew.stream(first_numbers(40), {.ahead = 3}, [](int n) {
         if (n == 5) ::close_range(3, ~0U, 0);
         return std::string(static_cast<std::size_t>(n) * 1000, 'x');
       }))
    found.push_back(text);
  ASSERT_EQ(found.size(), 40U);
  EXPECT_EQ(found.back().size(), 39'000U);
}

TEST_F(stream_processes_test, forked_child_that_reads_takes_nothing_from_the_stream) {
  tequio::processes crew(2);
  auto numbers = crew.stream(first_numbers(20), [](int n) { return n; });
  EXPECT_EQ(numbers.next(), 0);
  EXPECT_EQ(tequio::test::in_child([&] {
              try {
                static_cast<void>(numbers.next());
              } catch (const tequio::error& refused) {
                return std::string(refused.what()).find("another process") != std::string::npos ? 0 : 1;
              }
              return 2;
            }),
            0);
  for (int n = 1; n < 20; ++n) EXPECT_EQ(numbers.next(), n);
  EXPECT_FALSE(numbers.next());
}

TEST_F(stream_processes_test, forked_child_that_destroys_its_copy_leaves_the_stream_alone) {
  tequio::processes crew(2);
  auto results = std::make_unique<tequio::stream<int>>(crew.stream(first_numbers(100), [](int n) { return n; }));
  EXPECT_EQ(tequio::test::in_child([&] {
              results.reset();
              return 0;
            }),
            0);
  for (int n = 0; n < 100; ++n) ASSERT_EQ(results->next(), n);
}

}  // namespace
