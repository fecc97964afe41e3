// SPDX-License-Identifier: MIT
// A request to stop reaches a worker that waits, whatever it waits for: the same for threads and for processes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "support/kill/no_second_look.hpp"
#include "support/kill/step_killer.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/signal_storm.hpp"
#include "tequio/barrier.hpp"
#include "tequio/condition_variable.hpp"
#include "tequio/counting_semaphore.hpp"
#include "tequio/event.hpp"
#include "tequio/latch.hpp"
#include "tequio/mutex.hpp"
#include "tequio/pipe.hpp"
#include "tequio/process.hpp"
#include "tequio/queue.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/thread.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::process;
using tequio::thread;

// One object of each kind that can be waited for, in a state in which every wait sleeps.
struct waited_for {
  tequio::event flag{};
  tequio::latch gate{1};
  tequio::counting_semaphore units{0};
  tequio::queue<int> empty{1};
  tequio::queue<int> full{1};
  tequio::pipe<int> silent{1};
  tequio::pipe<int> stuffed{1};
  tequio::shared_atomic<int> number{0};
  tequio::barrier meeting{2};
  tequio::mutex guard{};
  tequio::condition_variable changed{};
  tequio::shared_atomic<bool> condition{false};

  waited_for() {
    EXPECT_TRUE(full.try_push(0));
    EXPECT_TRUE(stuffed.second.try_send(0));
  }
};

// A way to wait, and the action that ends the wait. `wait` returns whether that action ended it.
struct wait_form {
  std::string name;
  std::function<bool(waited_for&, const std::stop_token&)> wait;
  std::function<void(waited_for&)> grant;
};

const std::vector<wait_form> all_forms{
    {"event", [](auto& of, auto& stop) { return of.flag.wait(stop); }, [](auto& of) { of.flag.set(); }},
    {"latch", [](auto& of, auto& stop) { return of.gate.wait(stop); }, [](auto& of) { of.gate.count_down(); }},
    {"latch_arrival", [](auto& of, auto& stop) { return of.gate.arrive_and_wait(stop, 0); },
     [](auto& of) { of.gate.count_down(); }},
    {"semaphore", [](auto& of, auto& stop) { return of.units.acquire(stop); }, [](auto& of) { of.units.release(); }},
    {"pop", [](auto& of, auto& stop) { return of.empty.pop(stop).has_value(); },
     [](auto& of) { EXPECT_TRUE(of.empty.push(1)); }},
    {"queue_loop",
     [](auto& of, auto& stop) {
       for (const int value : of.empty.until(stop)) return value == 1;
       return false;
     },
     [](auto& of) { EXPECT_TRUE(of.empty.push(1)); }},
    {"queue_join", [](auto& of, auto& stop) { return of.full.join(stop); },
     [](auto& of) {
       EXPECT_EQ(of.full.pop(), 0);
       of.full.task_done();
     }},
    {"push", [](auto& of, auto& stop) { return of.full.push(1, stop); }, [](auto& of) { EXPECT_EQ(of.full.pop(), 0); }},
    {"receive", [](auto& of, auto& stop) { return of.silent.second.receive(stop).has_value(); },
     [](auto& of) { EXPECT_TRUE(of.silent.first.send(1)); }},
    {"send", [](auto& of, auto& stop) { return of.stuffed.second.send(1, stop); },
     [](auto& of) { EXPECT_EQ(of.stuffed.first.receive(), 0); }},
    {"atomic", [](auto& of, auto& stop) { return of.number.wait(0, stop); },
     [](auto& of) {
       of.number.store(1);
       of.number.notify_all();
     }},
    {"barrier", [](auto& of, auto& stop) { return of.meeting.arrive_and_wait(stop); },
     [](auto& of) { static_cast<void>(of.meeting.arrive()); }},
    {"arrival", [](auto& of, auto& stop) { return of.meeting.wait(of.meeting.arrive(), stop); },
     [](auto& of) { static_cast<void>(of.meeting.arrive()); }},
    {"condition",
     [](auto& of, auto& stop) {
       std::unique_lock lock(of.guard);
       return of.changed.wait(lock, stop, [&] { return of.condition.load(); });
     },
     [](auto& of) {
       {
         const std::scoped_lock lock(of.guard);
         of.condition = true;
       }
       of.changed.notify_all();
     }},
};

enum class worker_kind { threads, processes };

struct chosen {
  worker_kind kind;
  wait_form form;
};

std::vector<chosen> all_choices() {
  std::vector<chosen> choices;
  for (const wait_form& form : all_forms) {
    choices.push_back({worker_kind::threads, form});
    if (!tequio::test::thread_sanitizer) choices.push_back({worker_kind::processes, form});
  }
  return choices;
}

// A worker that waits, and is known to sleep.
template <class Worker>
class sleeper {
 public:
  sleeper(waited_for& of, const wait_form& form)
      : m_worker([this, &of, wait = form.wait](const std::stop_token& stop) {
          m_id.store(::gettid());
          return wait(of, stop);
        }) {}

  void await_sleep() const {
    while (m_id.load() == 0) std::this_thread::yield();
    tequio::test::await_sleep_of(m_id.load());
  }
  Worker& worker() { return m_worker; }

 private:
  tequio::shared_atomic<int> m_id{0};
  Worker m_worker;
};

class stop : public ::testing::WithParamInterface<chosen>, public tequio::test::leak_checked {
 protected:
  // Calls with a type of worker.
  template <class Body>
  static void with_worker(const Body& body) {
    if (GetParam().kind == worker_kind::threads)
      body(std::type_identity<thread<bool>>());
    else
      body(std::type_identity<process<bool>>());
  }
  static const wait_form& form() { return GetParam().form; }
};

INSTANTIATE_TEST_SUITE_P(all, stop, ::testing::ValuesIn(all_choices()), [](const auto& test) {
  return test.param.form.name + (test.param.kind == worker_kind::threads ? "_in_a_thread" : "_in_a_process");
});

TEST_P(stop, reaches_a_worker_that_waits_without_a_second_look) {
  with_worker([]<class Worker>(std::type_identity<Worker>) {
    const tequio::test::no_second_look no_second_look;
    waited_for of;
    sleeper<Worker> one(of, form());
    one.await_sleep();
    EXPECT_TRUE(one.worker().request_stop());
    EXPECT_FALSE(one.worker().get());
  });
}

TEST_P(stop, of_some_leaves_the_others_waiting) {
  if (form().name == "barrier") GTEST_SKIP() << "broken for all";
  with_worker([]<class Worker>(std::type_identity<Worker>) {
    waited_for of;
    if (form().name == "arrival") of.meeting.reset(5);
    sleeper<Worker> one(of, form());
    sleeper<Worker> patient(of, form());
    sleeper<Worker> other(of, form());
    for (const auto* each : {&one, &patient, &other}) each->await_sleep();
    one.worker().request_stop();
    other.worker().request_stop();
    EXPECT_FALSE(one.worker().get());
    EXPECT_FALSE(other.worker().get());
    EXPECT_TRUE(patient.worker().running());
    form().grant(of);
    if (form().name == "arrival") form().grant(of);
    EXPECT_TRUE(patient.worker().get());
  });
}

TEST_P(stop, that_never_comes_changes_nothing) {
  with_worker([]<class Worker>(std::type_identity<Worker>) {
    waited_for of;
    sleeper<Worker> one(of, form());
    one.await_sleep();
    form().grant(of);
    EXPECT_TRUE(one.worker().get());
  });
}

TEST_P(stop, that_came_before_is_no_wait_and_what_is_there_is_had) {
  std::stop_source source;
  source.request_stop();
  waited_for poor;
  EXPECT_FALSE(form().wait(poor, source.get_token()));
  waited_for rich;
  form().grant(rich);
  const bool is_loop = form().name == "queue_loop";  // until(stop) asks for the stop before each value
  EXPECT_EQ(form().wait(rich, source.get_token()), !is_loop);
  EXPECT_EQ(rich.empty.size(), is_loop ? 1U : 0U);
}

TEST_P(stop, is_heard_under_signals_every_millisecond) {
  with_worker([]<class Worker>(std::type_identity<Worker>) {
    waited_for of;
    tequio::latch stormy(1);
    Worker one([&](const std::stop_token& token) {
      const tequio::test::signal_storm storm;
      stormy.count_down();
      return form().wait(of, token);
    });
    stormy.wait();
    one.request_stop();
    EXPECT_FALSE(one.get());
  });
}

TEST_P(stop, by_an_exception_on_the_way_out_ends_all) {
  with_worker([]<class Worker>(std::type_identity<Worker>) {
    waited_for of;
    try {
      std::vector<Worker> crew;
      for (int i = 0; i < 3; ++i)
        crew.emplace_back([&](const std::stop_token& token) {
          try {
            return form().wait(of, token);
          } catch (const tequio::error&) {  // the barrier
            return false;
          }
        });
      throw std::runtime_error("on the way");
    } catch (const std::runtime_error&) {
    }
  });
}

class stop_test : public tequio::test::leak_checked {};

TEST_F(stop_test, of_one_breaks_the_barrier_for_the_others) {
  tequio::barrier meeting(3);
  thread<bool> one([&](const std::stop_token& token) { return meeting.arrive_and_wait(token); });
  thread<bool> other([&] {
    try {
      meeting.arrive_and_wait();
      return false;
    } catch (const tequio::broken_barrier&) {
      return true;
    }
  });
  while (meeting.arrived() < 2) std::this_thread::yield();
  EXPECT_EQ(meeting.expected(), 3);
  one.request_stop();
  EXPECT_FALSE(one.get());
  EXPECT_TRUE(other.get());
}

TEST_F(stop_test, ends_a_loop_over_a_queue_that_is_never_empty) {
  tequio::queue<int> numbers(4);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(numbers.push(i));
  std::stop_source source;
  std::vector<int> taken;
  for (const int number : numbers.until(source.get_token())) {
    taken.push_back(number);
    if (number == 1) source.request_stop();
    EXPECT_TRUE(numbers.push(number));
  }
  EXPECT_EQ(taken, (std::vector{0, 1}));
  EXPECT_EQ(numbers.size(), 4U);
  numbers.close();
  int rest = 0;
  for (const int number : numbers.until(std::stop_token())) rest += number + 1;  // closed and empty, it ends as well
  EXPECT_EQ(rest, 10);
}

}  // namespace
