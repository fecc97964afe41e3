// SPDX-License-Identifier: MIT
// How a process is started.
#pragma once

#include <string>

#include "tequio/output.hpp"
#include "tequio/unsafe_fork.hpp"

namespace tequio {

/// Options of a process; give those that differ: `process p({.name = "uno"}, work)`.
struct process_options {
  std::string name{};                         ///< empty: "process-1" and so on
  tequio::output output = output::inherited;  ///< where what it prints goes
  tequio::forking forking = forking::single_threaded;
};

}  // namespace tequio
