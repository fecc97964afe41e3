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
  std::string engine;
  std::size_t workers;
};

inline void PrintTo(const engine_choice& crew, std::ostream* out) { *out << crew.engine << " of " << crew.workers; }

/// Every engine of the library, with each number of workers that it can have.
inline std::vector<engine_choice> all_engines() {
  std::vector<engine_choice> choices;
  const engine_registry engines = core_engines();
  for (const std::string& name : engines.names())
    for (const std::size_t workers : {1U, 2U, 4U}) {
      const any_engine crew = engines.make(name, workers);
      if (crew.workers() != workers) continue;  // the serial one has 1
      // ThreadSanitizer sees no race between processes, and its own thread forbids the fork
      if (!(thread_sanitizer && crew.ends_items())) choices.push_back({name, workers});
    }
  return choices;
}

inline std::string name_of_engine(const ::testing::TestParamInfo<engine_choice>& test) {
  return test.param.engine + "_" + std::to_string(test.param.workers);
}

/// For TEST_P: a fresh engine for each test, gone before the leak check.
class engine_test : public ::testing::WithParamInterface<engine_choice>, public leak_checked {
 protected:
  static any_engine crew() { return any_engine::named(GetParam().engine, GetParam().workers); }
};

}  // namespace tequio::test
