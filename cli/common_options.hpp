// SPDX-License-Identifier: MIT
// The options that every job of the tool has, and what they make of an engine and a call.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "progress_line.hpp"
#include "tequio/engine.hpp"
#include "tequio/map_options.hpp"

namespace tequio::cli {

/// As the user gave them.
struct common_options {
  std::size_t workers = 0;
  std::string engine = "processes";  ///< a name, as engines may come from other libraries
  std::string output{};
  progress_mode progress = progress_mode::automatic;
  std::chrono::duration<double> timeout{0};  ///< in seconds; 0 for none
  unsigned retries = 0;
  bool fail_fast = false;

  /// Adds them to a command.
  void add_to(CLI::App& command);

  [[nodiscard]] any_engine make_engine() const;
  /// For one call; `line` shows how far it is and must outlive it.
  [[nodiscard]] map_options make_map_options(progress_line& line) const;
};

}  // namespace tequio::cli
