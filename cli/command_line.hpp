// SPDX-License-Identifier: MIT
// The tool's command line: all its commands with their options. It is the one table of them; see option_table.hpp.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "commands/commands.hpp"

namespace tequio::cli {

/// Puts the tool together.
///
/// @param chosen set to the action of the chosen command when a command line is parsed; it must outlive the parser.
[[nodiscard]] std::unique_ptr<CLI::App> make_command_line(action& chosen);

}  // namespace tequio::cli
