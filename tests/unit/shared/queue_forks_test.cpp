// SPDX-License-Identifier: MIT
// Queues between processes: order and completeness, deaths, signals, memory.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/kill/step_killer.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/signal_storm.hpp"
#include "tequio/error.hpp"
#include "tequio/queue.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::test::fork_with;
using tequio::test::in_child;
using tequio::test::status_of;

class queue_processes_test : public tequio::test::leak_checked {};

// The descriptor of the shared memory.
std::string arena_file() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone).string().starts_with("/memfd:tequio")) return entry.path();
  }
  return {};
}

// Shared memory in use, in bytes.
std::uint64_t shared_memory_used() {
  struct stat status {};
  EXPECT_EQ(::stat(arena_file().c_str(), &status), 0);
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

TEST_F(queue_processes_test, a_forked_child_sees_what_was_pushed_before_and_adds_to_it) {
  tequio::queue<int> numbers(100);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(numbers.push(i));
  EXPECT_EQ(in_child([&] {
              for (int i = 0; i < 5; ++i)
                if (numbers.pop() != i) return 1;
              for (int i = 10; i < 20; ++i)
                if (!numbers.push(i)) return 2;
              return 0;
            }),
            0);
  for (int i = 5; i < 20; ++i) EXPECT_EQ(numbers.pop(), i);
  EXPECT_TRUE(numbers.empty());
}

TEST_F(queue_processes_test, many_producers_and_consumers_pass_every_message_once_and_each_producers_in_order) {
  constexpr std::size_t producers = 3, consumers = 2, each = 2000;
  for (const std::size_t capacity : {1U, 10U, 1000U}) {
    tequio::queue<std::string> words(capacity);
    tequio::queue<std::vector<std::pair<std::size_t, std::size_t>>> reports(consumers);
    std::vector<pid_t> givers;
    std::vector<pid_t> takers;
    for (std::size_t i = 0; i < consumers; ++i)
      takers.push_back(fork_with([&] {
        std::vector<std::pair<std::size_t, std::size_t>> mine;
        for (const std::string& word : words)
          mine.emplace_back(std::stoul(word), std::stoul(word.substr(word.find(' '))));
        return reports.push(mine) ? 0 : 1;
      }));
    for (std::size_t giver = 0; giver < producers; ++giver)
      givers.push_back(fork_with([&] {
        for (std::size_t i = 0; i < each; ++i)
          if (!words.push(std::to_string(giver) + ' ' + std::to_string(i) + std::string(i % 300, ' '))) return 1;
        return 0;
      }));
    for (const pid_t giver : givers) EXPECT_EQ(status_of(giver), 0);
    words.close();
    std::map<std::pair<std::size_t, std::size_t>, int> times;
    for (std::size_t i = 0; i < consumers; ++i) {
      const auto report = reports.pop();
      ASSERT_TRUE(report);
      std::vector<std::size_t> next(producers, 0);
      for (const auto& [giver, number] : *report) {
        ++times[{giver, number}];
        ASSERT_GE(number, next.at(giver));
        next.at(giver) = number + 1;
      }
    }
    for (const pid_t taker : takers) EXPECT_EQ(status_of(taker), 0);
    EXPECT_EQ(times.size(), producers * each);
    for (const auto& [number, count] : times) ASSERT_EQ(count, 1);
  }
}

TEST_F(queue_processes_test, close_in_one_process_wakes_sleepers_in_others) {
  tequio::queue<int> numbers(1), full(1);
  EXPECT_TRUE(full.push(1));
  std::vector<pid_t> sleepers;
  for (int i = 0; i < 2; ++i) {
    sleepers.push_back(fork_with([&] { return numbers.pop() ? 1 : 0; }));
    sleepers.push_back(fork_with([&] { return full.push(2) ? 1 : 0; }));
  }
  for (const pid_t sleeper : sleepers) tequio::test::await_sleep_of(sleeper);
  numbers.close();
  full.close();
  for (const pid_t sleeper : sleepers) EXPECT_EQ(status_of(sleeper), 0);
}

TEST_F(queue_processes_test, one_message_after_another_wakes_one_sleeper_after_another) {
  constexpr int count = 4;
  tequio::queue<int> numbers(count);
  std::vector<pid_t> sleepers;
  for (int i = 0; i < count; ++i) sleepers.push_back(fork_with([&] { return numbers.pop() ? 0 : 1; }));
  for (const pid_t sleeper : sleepers) tequio::test::await_sleep_of(sleeper);
  for (int i = 0; i < count; ++i) EXPECT_TRUE(numbers.push(i));
  for (const pid_t sleeper : sleepers) EXPECT_EQ(status_of(sleeper), 0);
}

TEST_F(queue_processes_test, killed_sleepers_leave_the_others_awake) {
  tequio::queue<int> numbers(2);
  std::vector<pid_t> sleepers;
  for (int i = 0; i < 3; ++i) sleepers.push_back(fork_with([&] { return numbers.pop() ? 0 : 1; }));
  for (const pid_t sleeper : sleepers) tequio::test::await_sleep_of(sleeper);
  tequio::test::kill_and_reap(sleepers[0]);
  tequio::test::kill_and_reap(sleepers[1]);
  EXPECT_TRUE(numbers.push(1));
  EXPECT_EQ(status_of(sleepers[2]), 0);
}

TEST_F(queue_processes_test, messages_larger_than_its_ring_pass_and_their_memory_is_given_back) {
  tequio::queue<std::vector<std::byte>> blocks(10);
  EXPECT_TRUE(blocks.push(std::vector<std::byte>(100)));
  EXPECT_TRUE(blocks.pop());
  const std::uint64_t before = shared_memory_used();
  constexpr std::size_t size = std::size_t{40} << 20;
  const pid_t giver = fork_with([&] {
    for (std::size_t i = 0; i < 4; ++i)
      if (!blocks.push(std::vector<std::byte>(size + i, static_cast<std::byte>(i)))) return 1;
    return 0;
  });
  for (std::size_t i = 0; i < 4; ++i)
    ASSERT_TRUE(blocks.pop() == std::vector<std::byte>(size + i, static_cast<std::byte>(i)));
  EXPECT_EQ(status_of(giver), 0);
  EXPECT_TRUE(blocks.push(std::vector<std::byte>(size)));  // not so much that the pop itself gives it back
  EXPECT_TRUE(blocks.pop());
  EXPECT_FALSE(blocks.pop_for(1ms));  // a pop that finds nothing does
  EXPECT_LE(shared_memory_used(), before + (std::uint64_t{2} << 20));
}

TEST_F(queue_processes_test, a_message_of_gigabytes_passes) {
#ifndef NDEBUG
  GTEST_SKIP() << "takes long where nothing is optimised";
#endif
  std::ifstream memory("/proc/meminfo");
  std::string word;
  std::size_t available = 0;
  while (memory >> word)
    if (word == "MemAvailable:") memory >> available;
  constexpr std::size_t gibibyte = std::size_t{1} << 30;
  // in both processes as a value and as bytes, and between them
  const std::size_t size = (available > (18 * gibibyte) / 1024 ? 3 : 1) * gibibyte + 1;
  if (available < size / 1024 * 6) GTEST_SKIP() << "needs six times its size of memory";
  tequio::queue<std::string> texts(1);
  const pid_t giver = fork_with([&] { return texts.push(std::string(size, 'g')) ? 0 : 1; });
  const auto text = texts.pop();
  EXPECT_EQ(status_of(giver), 0);
  ASSERT_TRUE(text && text->size() == size && text->front() == 'g');
  EXPECT_EQ(std::memcmp(text->data(), text->data() + 1, size - 1), 0);
}

TEST_F(queue_processes_test, a_push_without_memory_is_its_own_error_and_others_go_on) {
  tequio::queue<std::string> words(10);
  EXPECT_EQ(in_child([&] {
              // a file that has no memory to give, where the shared memory was
              const std::string file = arena_file();
              const int nothing = ::memfd_create("nothing", MFD_CLOEXEC | MFD_ALLOW_SEALING);
              ::fcntl(nothing, F_ADD_SEALS, F_SEAL_GROW);
              if (::dup2(nothing, std::stoi(file.substr(file.rfind('/') + 1))) < 0) return 1;
              for (int i = 0; i < 3; ++i) {
                try {
                  static_cast<void>(words.push(std::string(std::size_t{8} << 20, 'x')));
                  return 2;
                } catch (const tequio::error& refused) {
                  if (!refused.code()) return 3;
                }
              }
              return 0;
            }),
            0);
  EXPECT_TRUE(words.empty());
  EXPECT_TRUE(words.push(std::string(std::size_t{8} << 20, 'y')));
  EXPECT_TRUE(words.push("small"));
  EXPECT_EQ(words.pop(), std::string(std::size_t{8} << 20, 'y'));
  EXPECT_EQ(words.pop(), "small");
}

TEST_F(queue_processes_test, under_a_limit_of_addresses_it_works_and_refuses_what_can_never_fit) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "takes terabytes of addresses itself";
  EXPECT_EQ(in_child([] {
              std::ifstream status("/proc/self/statm");
              rlim_t pages = 0;
              status >> pages;
              const rlimit limit{pages * 4096 + (rlim_t{500} << 20), RLIM_INFINITY};
              ::setrlimit(RLIMIT_AS, &limit);
              tequio::queue<std::string> words(1000);  // in the child's own, small arena
              if (!words.push(std::string(std::size_t{20} << 20, 'a'))) return 1;
              try {
                static_cast<void>(words.push(std::string(std::size_t{70} << 20, 'b')));
                return 2;
              } catch (const tequio::error& refused) {
                if (refused.cure().find("ulimit") == std::string::npos) return 3;
              }
              // full of bytes before it is full of messages: waits instead of failing
              std::size_t count = 1;
              while (words.try_push(std::string(std::size_t{5} << 20, 'c'))) ++count;
              if (count > 60 || words.size() != count) return 4;
              const pid_t giver = fork_with([&] { return words.push(std::string(std::size_t{9} << 20, 'd')) ? 0 : 1; });
              tequio::test::await_sleep_of(giver);
              for (std::size_t i = 0; i <= count; ++i)
                if (!words.pop_for(10s)) return 5;
              return status_of(giver);
            }),
            0);
}

TEST_F(queue_processes_test, signals_every_millisecond_disturb_nothing) {
  tequio::queue<std::vector<int>> lists(3);
  const pid_t giver = fork_with([&] {
    const tequio::test::signal_storm storm;
    for (int i = 0; i < 300; ++i) {
      if (!lists.push(std::vector<int>(static_cast<std::size_t>(i) * 300, i))) return 1;
      if (i % 50 == 0) ::usleep(5000);
    }
    lists.close();
    if (lists.try_push({}) || tequio::queue<int>(1).pop_for(5ms)) return 2;
    return 0;
  });
  const pid_t taker = fork_with([&] {
    const tequio::test::signal_storm storm;
    int i = 0;
    for (const auto& list : lists) {
      if (std::ssize(list) != i * 300 || std::ranges::count(list, i) != std::ssize(list)) return 1;
      if (++i == 300) return 0;
    }
    return 2;
  });
  EXPECT_EQ(status_of(taker), 0);
  EXPECT_EQ(status_of(giver), 0);
}

TEST_F(queue_processes_test, processes_killed_at_random_lose_what_they_had_popped_and_nothing_else) {
  tequio::queue<int> numbers(20);
  tequio::queue<int> arrived(100'000);
  int killed = 0;
  for (int round = 0; round < 20; ++round) {
    const pid_t giver = fork_with([&] {
      for (int i = 0;; ++i)
        if (!numbers.push(i)) return 0;
    });
    const pid_t taker = fork_with([&] {
      while (const auto number = numbers.pop())
        if (!arrived.push(*number)) return 1;
      return 0;
    });
    ::usleep(static_cast<useconds_t>(500 + round * 137));
    for (const pid_t one : {giver, taker}) {
      tequio::test::kill_and_reap(one);
      ++killed;
    }
    // what is left is whole, in order and without gaps; the one in the taker's hand may be missing
    int expected = 0;
    while (const auto number = arrived.try_pop()) ASSERT_EQ(*number, expected++);
    bool first = true;
    while (const auto number = numbers.try_pop()) {
      ASSERT_TRUE(*number == expected || (first && *number == expected + 1)) << *number << ' ' << expected;
      expected = *number + 1;
      first = false;
    }
  }
  EXPECT_EQ(killed, 40);
}

}  // namespace
