// SPDX-License-Identifier: MIT
// The tool's command line: all its commands with their options. It is the one table of them; see option_table.hpp.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "commands/commands.hpp"

namespace tequio::cli {

/// @param chosen becomes what to run, as a command line is parsed; it must outlive that.
[[nodiscard]] std::unique_ptr<CLI::App> make_command_line(action& chosen);

}  // namespace tequio::cli
