// SPDX-License-Identifier: MIT
// The tool's commands: each adds itself to the parser and sets the action that runs when it is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "exit_code.hpp"

namespace tequio::cli {

/// The work of the chosen command, run after parsing.
using action = std::function<exit_code()>;

void add_stats(CLI::App& tool, action& chosen);
void add_query(CLI::App& tool, action& chosen);
void add_make(CLI::App& tool, action& chosen);
void add_cpu(CLI::App& tool, action& chosen);

}  // namespace tequio::cli
