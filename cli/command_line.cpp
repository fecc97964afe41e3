// SPDX-License-Identifier: MIT
#include "command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace tequio::cli {
namespace {

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

CLI::Validator number_in(double low, double high, std::string what) {
  return CLI::Validator(
      [=, what = std::move(what)](const std::string& text) {
        const auto number = parse<double>(text);
        const bool good = number && std::isfinite(*number) && *number > low && *number <= high;
        return good ? std::string() : fmt::format("'{}' is not {}", text, what);
      },
      "");
}

/// The command that was being parsed: "make npy" of "tequio make npy --bogus".
const CLI::App& parsed_command(const CLI::App& tool) {
  const CLI::App* command = &tool;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(below->get_name());
  return names;
}

std::string unexpected(const CLI::App& command, const std::string& word) {
  if (word.starts_with('-')) return fmt::format("there is no option {}", word.substr(0, word.find('=')));
  const auto names = command_names(command);
  if (names.empty()) return fmt::format("'{}' is one argument too many", word);
  return fmt::format("there is no command '{}'; it is one of {}", word, fmt::join(names, ", "));
}

/// Of an option also how it is written: "--where is missing: write -w EXPR".
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

CLI::Validator whole_number(std::uint64_t first, std::uint64_t last) {
  return CLI::Validator(
      [=](const std::string& text) {
        const auto number = parse<std::uint64_t>(text);
        if (number && *number >= first && *number <= last) return std::string();
        const bool open = last == std::numeric_limits<std::uint64_t>::max();
        return open ? fmt::format("'{}' is not a whole number", text)
                    : fmt::format("'{}' is not a whole number from {} to {}", text, first, last);
      },
      "");
}

CLI::Validator dimension() {
  const CLI::Validator number = whole_number(0, std::numeric_limits<std::uint64_t>::max());
  return CLI::Validator(
      [number](std::string& text) {
        // (3, 4) as Python writes a shape
        std::string shape = text;
        std::erase_if(shape, [](char c) { return c == ' ' || c == '(' || c == ')'; });
        const bool tuple = shape.find(',') != std::string::npos && shape.find_first_not_of("0123456789,") == shape.npos;
        if (!tuple) return number(text);
        if (shape.ends_with(',')) shape.pop_back();
        std::ranges::replace(shape, ',', 'x');
        return fmt::format("'{}' is not a whole number; write {}", text, shape);
      },
      "");
}

CLI::Validator result_file() {
  struct packer {
    std::string_view ending;
    std::string_view program;
  };
  static constexpr std::array<packer, 5> packers{
      {{".gz", "gzip"}, {".zip", ""}, {".zst", "zstd"}, {".xz", "xz"}, {".bz2", "bzip2"}}};
  return CLI::Validator(
      [](const std::string& path) {
        if (path.empty()) return std::string("'' names no file");
        const auto found = std::ranges::find_if(packers, [&](const packer& one) { return path.ends_with(one.ending); });
        if (found == packers.end()) return std::string();
        const std::string plain = path.substr(0, path.size() - found->ending.size());
        const std::string pipe =
            found->program.empty() ? "" : fmt::format(", or leave out -o and pipe: | {} > {}", found->program, path);
        return fmt::format("'{}': results are written uncompressed; name {} and compress it then{}", path,
                           plain.empty() || plain.ends_with('/') ? "FILE.csv" : plain, pipe);
      },
      "");
}

CLI::Validator number_above(double low, double high, std::string what) { return number_in(low, high, std::move(what)); }

CLI::Validator finite_number() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return number_in(-infinity, infinity, "a number");
}

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& text) {
        if (std::ranges::find(words, text) != words.end()) return std::string();
        return fmt::format("'{}' is none of {}", text, fmt::join(words, ", "));
      },
      "");
}

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
