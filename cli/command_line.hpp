// SPDX-License-Identifier: MIT
// How the command line speaks: help without the parser's names of types, checks and errors in plain words.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace tequio::cli {

/// Help as a person reads it.
class help_format : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  /// In the list of commands: the first line of what a command says of itself; its examples are in its own help.
  std::string make_subcommand(const CLI::App* command) const override;
};

/// Accepts whole numbers from `first` to `last`.
[[nodiscard]] CLI::Validator whole_number(std::uint64_t first, std::uint64_t last);
/// Accepts the parts of a shape, which are whole numbers.
[[nodiscard]] CLI::Validator dimension();
/// Accepts names of files for a result, which is never compressed.
[[nodiscard]] CLI::Validator result_file();
/// Accepts finite numbers above `low`, up to `high`; `what` says so: "a number of seconds above 0".
[[nodiscard]] CLI::Validator number_above(double low, double high, std::string what);
/// Accepts finite numbers.
[[nodiscard]] CLI::Validator finite_number();
/// Accepts one of some words; their list is shown in the help as well.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

/// What is wrong with a command line, and where its help is: one line that names the command and the argument.
[[nodiscard]] std::string wrong_usage_text(const CLI::App& tool, const CLI::ParseError& wrong);

}  // namespace tequio::cli
