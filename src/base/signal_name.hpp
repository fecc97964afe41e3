// SPDX-License-Identifier: MIT
// The names of signals.
#pragma once

#include <fmt/core.h>
#include <signal.h>

#include <string>

namespace tequio::detail {

/// "SIGSEGV (Segmentation fault)".
[[nodiscard]] inline std::string signal_name(int signal) {
  const char* abbreviation = ::sigabbrev_np(signal);
  const char* description = ::sigdescr_np(signal);
  return fmt::format("{}{} ({})", abbreviation ? "SIG" : "signal ",
                     abbreviation ? abbreviation : std::to_string(signal),
                     description ? description : "unknown signal");
}

}  // namespace tequio::detail
