// SPDX-License-Identifier: MIT
// The fixture for the promises of shared objects: the same for threads and for processes, with 1, 2 and 4 workers, also
// while a signal interrupts each worker every millisecond.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "support/kill/no_second_look.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/test_workers.hpp"

namespace tequio::test {

struct worker_choice {
  worker_kind kind;
  std::size_t workers;
  weather signals;
};

/// For TEST_P, with TEQUIO_TEST_WITH_ALL_CREWS.
class sharing : public ::testing::WithParamInterface<worker_choice>, public leak_checked {
 protected:
  static test_workers crew() { return test_workers{GetParam().kind, GetParam().workers, GetParam().signals}; }
  static long workers() { return static_cast<long>(GetParam().workers); }

 private:
  no_second_look m_no_second_look{};  // no worker dies here
};

inline std::vector<worker_choice> all_workers() {
  std::vector<worker_choice> crews;
  for (const weather signals : {weather::calm, weather::storm})
    for (const std::size_t workers : {1U, 2U, 4U}) {
      crews.push_back({worker_kind::threads, workers, signals});
      // ThreadSanitizer sees no race between processes, and its own thread forbids the fork
      if (!thread_sanitizer) crews.push_back({worker_kind::processes, workers, signals});
    }
  return crews;
}

inline std::string name_of_workers(const ::testing::TestParamInfo<worker_choice>& test) {
  return std::string(test.param.kind == worker_kind::threads ? "threads_" : "processes_") +
         std::to_string(test.param.workers) + (test.param.signals == weather::storm ? "_in_a_storm" : "");
}

}  // namespace tequio::test

#define TEQUIO_TEST_WITH_ALL_CREWS(fixture)                                                \
  INSTANTIATE_TEST_SUITE_P(all, fixture, ::testing::ValuesIn(tequio::test::all_workers()), \
                           tequio::test::name_of_workers)
