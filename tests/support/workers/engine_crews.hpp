// SPDX-License-Identifier: MIT
// Every engine with 1, 2 and 4 workers, for the conformance tests of the engines' calls.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "tequio/engine.hpp"

namespace tequio::test {

struct engine_choice {
  const char* engine;
  std::size_t workers;
};

inline void PrintTo(const engine_choice& crew, std::ostream* out) { *out << crew.engine << " of " << crew.workers; }

inline std::vector<engine_choice> all_engines() {
  std::vector<engine_choice> crews{{"serial", 1}};
  for (const std::size_t workers : {1U, 2U, 4U}) {
    crews.push_back({"threads", workers});
    // ThreadSanitizer sees no race between processes, and its own thread forbids the fork
    if (!thread_sanitizer) crews.push_back({"processes", workers});
  }
  return crews;
}

inline std::string name_of_engine(const ::testing::TestParamInfo<engine_choice>& test) {
  return std::string(test.param.engine) + "_" + std::to_string(test.param.workers);
}

/// For TEST_P: a fresh engine for each test, gone before the leak check.
class engine_test : public ::testing::WithParamInterface<engine_choice>, public leak_checked {
 protected:
  static any_engine crew() { return any_engine::named(GetParam().engine, GetParam().workers); }
};

}  // namespace tequio::test
