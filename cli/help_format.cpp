// SPDX-License-Identifier: MIT
#include "help_format.hpp"

#include <fmt/format.h>

#include <sstream>

namespace tequio::cli {

std::string help_format::make_option_opts(const CLI::Option* option) const {
  const bool has_value = option->get_type_size() != 0 && !option->get_positional();
  return has_value ? " " + option->get_type_name() : std::string();
}

std::string help_format::make_option_desc(const CLI::Option* option) const {
  std::string text = option->get_description();
  if (!option->get_default_str().empty()) {
    std::string value = option->get_default_str();
    std::erase_if(value, [](char c) { return c == '[' || c == ']'; });
    text += fmt::format("{}({})", text.empty() ? "" : " ", value);
  }
  return text;
}

std::string help_format::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  const std::string text = command->get_description();
  CLI::detail::format_help(out, command->get_display_name(true), text.substr(0, text.find('\n')), column_width_);
  return out.str();
}

}  // namespace tequio::cli
