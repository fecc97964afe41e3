// SPDX-License-Identifier: MIT
// A few workers of a test, threads or processes, so that the promises of a shared object are written once for both.
// They start one by one, or all run one body.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/leak_check.hpp"
#include "support/workers/signal_storm.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/process.hpp"
#include "tequio/thread.hpp"

namespace tequio::test {

enum class worker_kind { threads, processes };

/// Whether the workers and their caller are interrupted by a signal every millisecond.
enum class weather { calm, storm };

/// A number that workers of both kinds see, zero at first.
using shared_number = detail::shared_object<std::atomic<int>>;

/// Throws in a worker, which then has failed.
void require(bool holds, const char* what);

/// Workers of one kind, joined at the end; a worker whose body throws is a failure of the test.
class test_workers {
 public:
  explicit test_workers(worker_kind kind, std::size_t count = 0, weather signals = weather::calm)
      : m_kind(kind), m_count(count), m_signals(signals) {}
  test_workers(const test_workers&) = delete;
  test_workers& operator=(const test_workers&) = delete;
  ~test_workers() { join(); }

  /// One more: a std::thread or a plain fork.
  void start(const std::function<void()>& body);
  void start(int count, const std::function<void()>& body) {
    for (int i = 0; i < count; ++i) start(body);
  }
  /// Returns when every worker sleeps in a system call.
  void await_sleep() const;
  /// Waits for the end of all.
  void join();

  /// Runs `body(index)` in `count` workers at once, and `meanwhile()` in the caller while they live; returns their
  /// results by index. Unlike the workers above, each is a `thread` or a `process`.
  template <class Body, class Meanwhile>
  auto run(const Body& body, const Meanwhile& meanwhile) const {
    using result = decltype(body(std::size_t{}));
    return m_kind == worker_kind::threads ? run_as<thread<result>>(body, meanwhile)
                                          : run_as<process<result>>(body, meanwhile);
  }
  template <class Body>
  auto run(const Body& body) const {
    return run(body, [] {});
  }

 private:
  struct member {
    detail::shared_object<std::atomic<pid_t>> id;
    std::thread thread{};
    std::string failure{};
  };

  template <class Worker, class Body, class Meanwhile>
  auto run_as(const Body& body, const Meanwhile& meanwhile) const {
    const auto storm = interrupted();
    std::vector<Worker> workers;
    for (std::size_t index = 0; index < m_count; ++index)
      workers.emplace_back([&, index] {
        const auto own_storm = interrupted();
        return body(index);
      });
    meanwhile();
    std::vector<decltype(body(std::size_t{}))> results;
    for (Worker& worker : workers) results.push_back(worker.get());
    return results;
  }

  [[nodiscard]] std::unique_ptr<signal_storm> interrupted() const {
    return m_signals == weather::storm ? std::make_unique<signal_storm>() : nullptr;
  }

  worker_kind m_kind;
  std::size_t m_count;
  weather m_signals;
  std::vector<std::unique_ptr<member>> m_members{};
};

/// For TEST_P: each test with threads and with processes.
class both_kinds_test : public ::testing::WithParamInterface<worker_kind>, public leak_checked {
 protected:
  void SetUp() override;
};
std::string name_of_kind(const ::testing::TestParamInfo<worker_kind>& test);

}  // namespace tequio::test

#define TEQUIO_TEST_WITH_BOTH(fixture)                                                                            \
  INSTANTIATE_TEST_SUITE_P(                                                                                       \
      with, fixture, ::testing::Values(tequio::test::worker_kind::threads, tequio::test::worker_kind::processes), \
      tequio::test::name_of_kind)
