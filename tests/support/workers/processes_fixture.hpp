// SPDX-License-Identifier: MIT
// The fixture of the tests of `processes`: nothing may be left behind, signals are as in a shell's foreground.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/leak_check.hpp"
#include "tequio/process.hpp"

namespace tequio::test {

class processes_test : public leak_checked {
 protected:
  void SetUp() override {
    leak_checked::SetUp();
    // a shell starts its background jobs with these ignored, and an interruption leaves an ignored signal ignored
    for (const int signal : {SIGINT, SIGHUP}) ::signal(signal, SIG_DFL);
  }
};

/// The error that its get() throws.
template <class R>
worker_error error_of(const process<R>& p) {
  try {
    static_cast<void>(p.get());
  } catch (const worker_error& thrown) {
    return thrown;
  }
  throw std::logic_error("get() did not throw");
}

/// The words of the error that its get() throws.
inline std::string message_of(const process<>& p) {
  try {
    p.get();
  } catch (const worker_error& thrown) {
    return thrown.what();
  }
  return "nothing was thrown";
}

/// 0, 1, 2, ...
inline std::vector<int> first_numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace tequio::test
