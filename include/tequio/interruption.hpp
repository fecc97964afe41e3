// SPDX-License-Identifier: MIT
// Turns Ctrl-C and SIGTERM into a clean stop: the running call ends early, with a verdict for every item.
// Use it in a program that wants to keep what is done; without it the program ends as usual, and its workers with it.
#pragma once

#include <csignal>

#include "tequio/error.hpp"

namespace tequio {

/// While one lives, SIGINT, SIGTERM and SIGHUP stop the engines' calls instead of the program. A call that has been
/// stopped once waits for items in hand (`map_options::grace`); a second signal kills their workers at once, and a third
/// ends the program, for threads cannot be ended singly.
///
/// Errors:  error where there is one already.
/// Safety:  make it in the main thread, before the engines' calls.
class interruption {
 public:
  interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;
  ~interruption();

  /// The first signal that came, or 0.
  [[nodiscard]] static int signal() noexcept;
  /// How many came.
  [[nodiscard]] static int count() noexcept;

 private:
  struct sigaction m_before[3]{};
};

}  // namespace tequio
