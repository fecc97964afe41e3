// SPDX-License-Identifier: MIT
// All options and arguments of the tool as rows, read from its command line: for a man page or the
// completions of a shell. To add an option, add it to its command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tequio::cli {

/// One option or argument of one command.
struct option_row {
  std::string command{};        ///< "tequio make npy"
  std::string short_name{};     ///< "-j", or empty
  std::string long_name{};      ///< "--workers"; empty for an argument
  std::string value{};          ///< "N", "table|csv|json"; empty for a flag; for an argument its name
  std::string default_value{};  ///< as the user would write it, or empty
  std::string help{};
  std::string group{};  ///< the heading it stands under in the help
  bool required = false;
};

/// The rows of a command and of all commands below it, in the order of the help.
[[nodiscard]] std::vector<option_row> option_table(const CLI::App& command);

/// "tequio make npy"
[[nodiscard]] std::string full_name(const CLI::App& command);

/// The default of an option as the user would write it; empty without one.
[[nodiscard]] std::string default_of(const CLI::Option& option);

}  // namespace tequio::cli
