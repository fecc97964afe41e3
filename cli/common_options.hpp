// SPDX-License-Identifier: MIT
// The options that all jobs of the tool have, and the engine and the options of a call that follow from them.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "progress_line.hpp"
#include "tequio/engine.hpp"
#include "tequio/map_options.hpp"

namespace tequio::cli {

/// The values that the user gave, or the defaults.
struct common_options {
  std::size_t workers = 0;
  std::string engine = "processes";  ///< a name in the registry of the engines that the tool offers
  std::string output{};
  progress_mode progress = progress_mode::automatic;
  std::chrono::duration<double> timeout{0};  ///< in seconds; 0 for none
  unsigned retries = 0;
  bool fail_fast = false;

  /// Adds the options to a command, which keeps pointers to the members.
  void add_to(CLI::App& command);

  [[nodiscard]] any_engine make_engine() const;
  /// The options of one call; `line` shows its progress and must outlive it.
  [[nodiscard]] map_options make_map_options(progress_line& line) const;
};

}  // namespace tequio::cli
