// SPDX-License-Identifier: MIT
#include "help_format.hpp"

#include <fmt/format.h>

#include <sstream>

#include "option_table.hpp"

namespace tequio::cli {

std::string help_format::make_option_opts(const CLI::Option* option) const {
  const bool has_value = option->get_type_size() != 0 && !option->get_positional();
  return has_value ? " " + option->get_type_name() : std::string();
}

std::string help_format::make_option_desc(const CLI::Option* option) const {
  std::string text = option->get_description();
  if (const std::string value = default_of(*option); !value.empty())
    text += fmt::format("{}({})", text.empty() ? "" : " ", value);
  return text;
}

std::string help_format::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  const std::string text = command->get_description();
  CLI::detail::format_help(out, command->get_display_name(true), text.substr(0, text.find('\n')), column_width_);
  return out.str();
}

}  // namespace tequio::cli
