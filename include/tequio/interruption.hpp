// SPDX-License-Identifier: MIT
// Turns Ctrl-C and SIGTERM into a clean stop: the running call ends early, with a verdict for every item. Use it in a
// program that keeps what is done; without it the program ends as usual, and its workers with it.
#pragma once

#include <csignal>

#include "tequio/error.hpp"

namespace tequio {

/// While one lives, SIGINT, SIGTERM and SIGHUP stop the engines' calls instead of the program. After the first signal a
/// call waits for the items in hand (`map_options::grace`). A second signal kills their workers at once, and a third
/// ends the program, because single threads cannot be ended.
///
/// Errors:  error where the program has one already.
/// Safety:  make it in the main thread, before the engines' calls.
class interruption {
 public:
  interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;
  ~interruption();

  /// The first signal that was caught, or 0.
  [[nodiscard]] static int signal() noexcept;
  /// The number of signals caught.
  [[nodiscard]] static int count() noexcept;

 private:
  struct sigaction m_before[3]{};
};

}  // namespace tequio
