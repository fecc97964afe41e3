// SPDX-License-Identifier: MIT
#include "option_table.hpp"

namespace tequio::cli {
namespace {

std::string first_of(const std::vector<std::string>& names, const char* dashes) {
  return names.empty() ? std::string() : dashes + names.front();
}

option_row row_of(const CLI::App& command, const CLI::Option& option) {
  const bool is_flag = option.get_type_size() == 0;
  const bool is_argument = option.get_positional();
  return {.command = full_name(command),
          .short_name = first_of(option.get_snames(), "-"),
          .long_name = first_of(option.get_lnames(), "--"),
          .value = is_argument ? option.get_name(true)
                   : is_flag   ? std::string()
                               : option.get_type_name(),
          .default_value = default_of(option),
          .help = option.get_description(),
          .group = option.get_group(),
          .required = option.get_required()};
}

}  // namespace

std::vector<option_row> option_table(const CLI::App& command) {
  std::vector<option_row> rows;
  for (const CLI::Option* option : command.get_options()) rows.push_back(row_of(command, *option));
  for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; }))
    for (option_row& row : option_table(*below)) rows.push_back(std::move(row));
  return rows;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::string default_of(const CLI::Option& option) {
  std::string value = option.get_default_str();
  std::erase_if(value, [](char c) { return c == '[' || c == ']'; });
  return value;
}

}  // namespace tequio::cli
