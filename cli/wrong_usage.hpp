// SPDX-License-Identifier: MIT
// Wrong command lines in plain words, in place of the parser's.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tequio::cli {

/// What is wrong with a command line, and where its help is: one line that names the command and the argument.
[[nodiscard]] std::string wrong_usage_text(const CLI::App& tool, const CLI::ParseError& wrong);

}  // namespace tequio::cli
