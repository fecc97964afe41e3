// SPDX-License-Identifier: MIT
// The programs of docs/reference.md, one function per program.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tequio/barrier.hpp"
#include "tequio/chunk.hpp"
#include "tequio/command.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"
#include "tequio/mutex.hpp"
#include "tequio/named_memory.hpp"
#include "tequio/pipe.hpp"
#include "tequio/print.hpp"
#include "tequio/process.hpp"
#include "tequio/queue.hpp"
#include "tequio/serialize.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/shared_mutex.hpp"
#include "tequio/shared_value.hpp"
#include "tequio/this_worker.hpp"
#include "tequio/thread.hpp"

using namespace std::chrono_literals;

namespace {

void check(bool right) {
  if (!right) throw std::logic_error("the reference is wrong");
}

void workers() {
  const std::vector<double> numbers{1, 2, 3};

  // Started by its constructor; what it captures it sees as it is now.
  tequio::process sum([&] { return std::accumulate(numbers.begin(), numbers.end(), 0.0); });
  tequio::process scaled(
      {.name = "scaler"}, [](double by, const std::vector<double>& all) { return by * all[2]; }, 2.0, numbers);
  tequio::thread text([] { return std::string("threads have the same members"); });

  check(sum.get() == 6.0 && scaled.get() == 6.0 && text.get().size() == 29);
}

void failures() {
  tequio::process crashing({.name = "crashing"}, [] { std::abort(); });
  tequio::process throwing({.name = "throwing"}, []() -> int { throw std::out_of_range("no such key"); });
  try {
    throwing.get();
  } catch (const tequio::worker_error& error) {
    tequio::print("{}\n", error.what());  // names the process, the exception's type and its text
  }
  crashing.join();  // waits, and does not throw
  check(crashing.status().state == tequio::worker_state::killed && crashing.status().signal == SIGABRT);
}

void stopping() {
  tequio::queue<int> tasks(100);
  {
    tequio::process<> worker([&](std::stop_token stop) {
      for (const int task : tasks.until(stop))
        tequio::print("task {}\n", task);  // asleep until there is one, or a stop
    });
    check(tasks.push(1));
    while (!tasks.empty()) std::this_thread::sleep_for(1ms);
  }  // asked to stop and joined, also where an exception leaves the block
  check(!tasks.closed());
}

void shared_data() {
  tequio::shared_value<double> total(0.0);   // reached only through its lock
  tequio::shared_atomic<long> finished(0);   // std::atomic
  tequio::shared_array<int> numbers(1'000);  // a sized, contiguous range
  std::iota(numbers.begin(), numbers.end(), 0);

  std::vector<tequio::process<>> crew;
  for (std::size_t part = 0; part < 4; ++part)
    crew.emplace_back([&, part] {
      const auto mine = tequio::chunk(numbers, part, 4);
      const double sum = std::accumulate(mine.begin(), mine.end(), 0.0);
      *total.lock() += sum;
      finished.fetch_add(1);
    });
  for (auto& each : crew) each.get();

  check(*total.lock() == 499'500.0 && finished.load() == 4);
}

void by_name() {
  const std::string name = "reference-" + std::to_string(tequio::this_worker::pid());
  const auto memory = tequio::named_memory::create(name, 4 * sizeof(double));
  memory.as<double>()[3] = 2.5;

  const char* program = R"(
import sys
from multiprocessing import shared_memory
memory = shared_memory.SharedMemory(name=sys.argv[1])
print(memory.buf.cast('d')[3])
)";
  const auto python = tequio::command({"python3", "-c", program, name}).run();
  check(python.output == "2.5\n");
}

void locks() {
  tequio::mutex guard;
  tequio::process<> dying([&] {
    guard.lock();
    std::_Exit(1);  // with the lock held
  });
  dying.join();

  try {
    const std::scoped_lock lock(guard);
  } catch (const tequio::owner_died&) {
    // The guarded data may be half changed. A caller that can repair it says so:
    const tequio::lock_state state = guard.lock_or_recover();
    const std::scoped_lock lock(std::adopt_lock, guard);
    check(state == tequio::lock_state::acquired_from_dead_owner);  // repair it here
  }
  const std::scoped_lock lock(guard);  // as before
}

void waits() {
  tequio::counting_semaphore seats(2, 2);  // two at a time; a third release() too many is an error
  tequio::barrier round(3);                // three meet, again and again
  tequio::latch done(3);                   // counts down once
  tequio::shared_atomic<int> meals(0);

  std::vector<tequio::process<>> guests;
  for (int guest = 0; guest < 3; ++guest)
    guests.emplace_back([&] {
      round.arrive_and_wait();
      seats.acquire();
      meals.fetch_add(1);
      seats.release();
      done.count_down();
    });
  done.wait();
  check(meals.load() == 3);
}

void messages() {
  tequio::queue<std::string> tasks(100);  // at most 100 wait; push() then blocks
  tequio::queue<std::size_t> lengths(100);
  {
    std::vector<tequio::process<>> crew;
    for (int worker = 0; worker < 2; ++worker)
      crew.emplace_back([&] {
        for (const std::string& task : tasks) check(lengths.push(task.size()));  // ends when closed and empty
      });
    for (const char* task : {"one", "two", "three"}) check(tasks.push(task));
    tasks.close();
  }  // joined here
  lengths.close();
  std::size_t total = 0;
  for (const std::size_t length : lengths) total += length;
  check(total == 11);
}

void finished_tasks() {
  tequio::queue<std::string> tasks(100);
  tequio::shared_atomic<std::size_t> letters(0);
  std::vector<tequio::process<>> crew;
  for (int worker = 0; worker < 2; ++worker)
    crew.emplace_back([&] {
      for (const std::string& task : tasks) {
        letters += task.size();
        if (task == "tree") check(tasks.push("leaf"));  // a task may push others
        tasks.task_done();                              // one for each that was popped
      }
    });
  for (const char* task : {"one", "two", "tree"}) check(tasks.push(task));
  tasks.join();  // returns when all four are done; the workers wait for more
  check(letters == 14);
  tasks.close();
}

void conversation() {
  tequio::pipe<std::string, std::size_t> line;  // first sends strings and receives numbers; second the other way round
  tequio::process<> counting(
      [](std::stop_token stop, tequio::pipe_end<std::size_t, std::string>& end) {
        while (const auto text = end.receive(stop))
          if (!end.send(text->size())) break;
        // here too when the other process has died, or main leaves the block by an exception
      },
      std::ref(line.second));
  check(line.first.send("hello") && line.first.receive() == 5U);
  line.first.close();
}

class temperature {
 public:
  temperature() = default;
  explicit temperature(double kelvin) : m_kelvin(kelvin) {}
  [[nodiscard]] double kelvin() const { return m_kelvin; }

  template <class Archive>
  friend void serialize(Archive& archive, temperature& value) {
    archive(value.m_kelvin);  // and all other members
  }

 private:
  double m_kelvin = 0;
};

void serialisation() {
  tequio::process measuring([] { return std::vector{temperature(293.15), temperature(77)}; });
  check(measuring.get()[1].kelvin() == 77);
}

void output() {
  tequio::process noisy({.name = "noisy", .output = tequio::output_mode::captured}, [] {
    std::printf("by any means\n");
    tequio::print("and {} too\n", "this");
  });
  noisy.get();
  check(noisy.output() == "by any means\nand this too\n");
}

void programs() {
  const auto sorted = tequio::command({"sort", "-n"}).run({.input = "10\n9\n"});
  check(sorted.succeeded() && sorted.output == "9\n10\n");
}

}  // namespace

int main() {
  workers();
  failures();
  stopping();
  shared_data();
  by_name();
  locks();
  waits();
  messages();
  finished_tasks();
  conversation();
  serialisation();
  output();
  programs();
}
