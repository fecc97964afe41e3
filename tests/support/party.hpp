// SPDX-License-Identifier: MIT
// A few workers of a test, threads or forked processes, started one by one: so that what a shared thing promises is
// written once for both.
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
#include "tequio/detail/memory/shared_object.hpp"

namespace tequio::test {

/// A number that workers of both kinds see, zero at first.
using shared_number = detail::shared_object<std::atomic<int>>;

/// Throws in a worker, which then has failed.
void require(bool holds, const char* what);

/// Workers of one kind, joined at the end; a worker whose body throws is a failure of the test.
class party {
 public:
  enum class kind { threads, processes };

  explicit party(kind members) : m_kind(members) {}
  party(const party&) = delete;
  party& operator=(const party&) = delete;
  ~party() { join(); }

  void start(const std::function<void()>& body);
  void start(int count, const std::function<void()>& body) {
    for (int i = 0; i < count; ++i) start(body);
  }
  /// Returns when every one of them sleeps in a system call.
  void await_sleep() const;
  /// Waits for the end of all.
  void join();

 private:
  struct member {
    detail::shared_object<std::atomic<pid_t>> id;
    std::thread thread{};
    std::string failure{};
  };
  kind m_kind;
  std::vector<std::unique_ptr<member>> m_members{};
};

/// For TEST_P: each test with threads and with processes.
class party_test : public ::testing::WithParamInterface<party::kind>, public leak_checked {
 protected:
  void SetUp() override;
};
std::string name_of_kind(const ::testing::TestParamInfo<party::kind>& test);

}  // namespace tequio::test

#define TEQUIO_TEST_WITH_BOTH(fixture)                                                                            \
  INSTANTIATE_TEST_SUITE_P(                                                                                       \
      with, fixture, ::testing::Values(tequio::test::party::kind::threads, tequio::test::party::kind::processes), \
      tequio::test::name_of_kind)
