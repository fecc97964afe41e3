// SPDX-License-Identifier: MIT
// How fast do messages pass from one process to another? Beside Boost.Interprocess' message_queue and Python's
// multiprocessing.Queue. Alternatives take turns, and the receiver checks each message.
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/interprocess/ipc/message_queue.hpp>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "support/interleave.hpp"
#include "tequio/pipe.hpp"
#include "tequio/queue.hpp"

namespace {

using tequio::bench::alternative;
using tequio::bench::compare;

// The capacity of a queue: many numbers, or blocks that fit into a cache.
constexpr std::size_t waiting = 1024;
constexpr std::size_t waiting_blocks = 32;
constexpr std::size_t block_bytes = 65536;

// Runs a forked producer and the receiver here; whether both ended well.
template <class Produce, class Consume>
bool between_processes(Produce produce, Consume consume) {
  const pid_t producer = ::fork();
  if (producer == 0) ::_exit(produce() ? 0 : 1);
  const bool right = consume();
  int status = 0;
  ::waitpid(producer, &status, 0);
  return right && status == 0;
}

using block = std::vector<std::uint64_t>;
block block_of(std::size_t number) { return block(block_bytes / sizeof(std::uint64_t), number); }
bool is_block_of(const block& got, std::size_t number) {
  return got.size() == block_bytes / sizeof(std::uint64_t) && got.front() == number && got.back() == number;
}

alternative tequio_numbers(std::size_t count) {
  return {"impl:tequio_queue", [count] {
            tequio::queue<int> numbers(waiting);
            return between_processes(
                [&] {
                  for (std::size_t i = 0; i < count; ++i)
                    if (!numbers.push(static_cast<int>(i))) return false;
                  return true;
                },
                [&] {
                  for (std::size_t i = 0; i < count; ++i)
                    if (numbers.pop() != static_cast<int>(i)) return false;
                  return true;
                });
          }};
}

alternative tequio_blocks(std::size_t count) {
  return {"impl:tequio_queue", [count] {
            tequio::queue<block> blocks(waiting_blocks);
            return between_processes(
                [&] {
                  block own = block_of(0);
                  for (std::size_t i = 0; i < count; ++i) {
                    own.front() = own.back() = i;
                    if (!blocks.push(own)) return false;
                  }
                  return true;
                },
                [&] {
                  for (std::size_t i = 0; i < count; ++i)
                    if (!is_block_of(*blocks.pop(), i)) return false;
                  return true;
                });
          }};
}

// Messages of one size through Boost's queue; `fill` and `check` get their bytes.
template <class Fill, class Check>
alternative boost_messages(std::size_t count, std::size_t size, Fill fill, Check check) {
  return {"impl:boost_message_queue", [=] {
            namespace ipc = boost::interprocess;
            const std::string name = "tequio_bench_" + std::to_string(::getpid());
            const std::size_t held = size == block_bytes ? waiting_blocks : waiting;
            ipc::message_queue::remove(name.c_str());
            ipc::message_queue messages(ipc::create_only, name.c_str(), held, size);
            ipc::message_queue::remove(name.c_str());
            return between_processes(
                [&] {
                  std::vector<char> bytes(size);
                  for (std::size_t i = 0; i < count; ++i) {
                    fill(bytes.data(), i);
                    messages.send(bytes.data(), size, 0);
                  }
                  return true;
                },
                [&] {
                  std::vector<char> bytes(size);
                  for (std::size_t i = 0; i < count; ++i) {
                    ipc::message_queue::size_type got = 0;
                    unsigned priority = 0;
                    messages.receive(bytes.data(), size, got, priority);
                    if (got != size || !check(bytes.data(), i)) return false;
                  }
                  return true;
                });
          }};
}

alternative python_messages(const std::string& sent, const std::string& checked, std::size_t count, std::size_t held) {
  const std::string program = fmt::format(
      "from multiprocessing import Process, Queue\n"
      "def give(q):\n"
      " for i in range({0}): q.put({1})\n"
      "q = Queue({2})\n"
      "p = Process(target=give, args=(q,)); p.start()\n"
      "right = all({3} for i in range({0}))\n"
      "p.join(); raise SystemExit(0 if right and p.exitcode == 0 else 1)\n",
      count, sent, held, checked);
  return {"impl:python_multiprocessing_queue", [program] {
            const pid_t python = ::fork();
            if (python == 0) {
              ::execlp("python3", "python3", "-c", program.c_str(), nullptr);
              ::_exit(127);
            }
            int status = 0;
            ::waitpid(python, &status, 0);
            return status == 0;
          }};
}

void numbers() {
  constexpr std::size_t count = 2'000'000;
  const auto boost = boost_messages(
      count, sizeof(int),
      [](char* bytes, std::size_t i) {
        const int number = static_cast<int>(i);
        std::memcpy(bytes, &number, sizeof number);
      },
      [](const char* bytes, std::size_t i) {
        int number = 0;
        std::memcpy(&number, bytes, sizeof number);
        return number == static_cast<int>(i);
      });
  compare("op:int_between_processes", count, {tequio_numbers(count), boost}, {.turns = 5});
  // fewer messages, because Python's are slow; enough that the start of Python does not count
  constexpr std::size_t few = 200'000;
  compare("op:int_between_processes/messages:few", few,
          {tequio_numbers(few), python_messages("i", "q.get() == i", few, waiting)}, {.turns = 5});
}

void blocks() {
  constexpr std::size_t count = 20'000;
  const auto boost = boost_messages(
      count, block_bytes, [](char* bytes, std::size_t i) { std::memcpy(bytes, &i, sizeof i); },
      [](const char* bytes, std::size_t i) { return std::memcmp(bytes, &i, sizeof i) == 0; });
  const auto python = python_messages(fmt::format("bytes({})", block_bytes),
                                      fmt::format("len(q.get()) == {}", block_bytes), count, waiting_blocks);
  const auto medians =
      compare("op:64KiB_between_processes", count, {tequio_blocks(count), boost, python}, {.turns = 5});
  fmt::print("op:64KiB_between_processes: {:.1f} GB/s\n",
             static_cast<double>(count * block_bytes) / medians.front() * 1e-9);
}

void round_trips() {
  constexpr std::size_t count = 100'000;
  compare("op:round_trip_of_an_int", count,
          {{"impl:tequio_pipe",
            [] {
              tequio::pipe<int> talk;
              return between_processes(
                  [&] {
                    for (std::size_t i = 0; i < count; ++i)
                      if (!talk.second.send(talk.second.receive().value_or(-1))) return false;
                    return true;
                  },
                  [&] {
                    for (std::size_t i = 0; i < count; ++i)
                      if (!talk.first.send(static_cast<int>(i)) || talk.first.receive() != static_cast<int>(i))
                        return false;
                    return true;
                  });
            }}},
          {.turns = 5});
}

}  // namespace

int main() {
  numbers();
  blocks();
  round_trips();
}
