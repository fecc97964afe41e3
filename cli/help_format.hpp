// SPDX-License-Identifier: MIT
// Help as a person reads it: without the parser's names of types.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tequio::cli {

class help_format : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  /// In the list of commands: the first line of a description; the examples are in the help of the command.
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace tequio::cli
