// SPDX-License-Identifier: MIT
#include "wrong_usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "option_table.hpp"

namespace tequio::cli {
namespace {

/// The command that was being parsed: "make npy" of "tequio make npy --bogus".
const CLI::App& parsed_command(const CLI::App& tool) {
  const CLI::App* command = &tool;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(below->get_name());
  return names;
}

std::string unexpected(const CLI::App& command, const std::string& word) {
  if (word.starts_with('-')) {
    const std::string option = word.substr(0, word.find('='));
    if (command.get_option_no_throw(option) != nullptr)
      return fmt::format("{} stands before the command; write it behind: {} {}", option, full_name(command), option);
    return fmt::format("there is no option {}", option);
  }
  const auto names = command_names(command);
  if (names.empty()) return fmt::format("'{}' is one argument too many", word);
  return fmt::format("there is no command '{}'; it is one of {}", word, fmt::join(names, ", "));
}

/// For an option, the text also shows how it is written: "--where is missing: write -w EXPR".
std::string missing_text(const CLI::App& command, const std::string& name) {
  const CLI::Option* option = command.get_option_no_throw(name);
  if (option == nullptr || option->get_snames().empty()) return name + " is missing";
  return fmt::format("{} is missing: write -{} {}", name, option->get_snames().front(), option->get_type_name());
}

/// The parser's words for what is missing or given twice; the option's name comes first in them.
std::string in_plain_words(const CLI::App& command, const CLI::ParseError& wrong) {
  std::string words = wrong.what();
  if (words == "A subcommand is required")
    return fmt::format("a command is missing: one of {}", fmt::join(command_names(command), ", "));
  if (dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr)
    return missing_text(command, words.substr(0, words.find(" is required")));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong) != nullptr) {
    const std::string name = words.substr(0, words.find(": "));
    return words.ends_with("missing") ? name + " wants a value" : name + " is given more than once";
  }
  return words;
}

}  // namespace

std::string wrong_usage_text(const CLI::App& tool, const CLI::ParseError& wrong) {
  const CLI::App& command = parsed_command(tool);
  const std::vector<std::string> left = tool.remaining(true);
  // a word that was not understood explains why another seems to be missing
  const bool stray = !left.empty() && (dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr ||
                                       dynamic_cast<const CLI::ExtrasError*>(&wrong) != nullptr);
  const std::string problem = stray ? unexpected(command, left.front()) : in_plain_words(command, wrong);
  const std::string name = full_name(command);
  return fmt::format("{}: {} ({} --help shows examples)\n", name, problem, name);
}

}  // namespace tequio::cli
