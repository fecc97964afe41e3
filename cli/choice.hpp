// SPDX-License-Identifier: MIT
// Options whose value is one of a few words, each of which stands for a value of an enum.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "value_checks.hpp"

namespace tequio::cli {

template <class Value>
struct choice {
  std::string word{};
  Value value{};
};

/// Adds an option to a command; its default is the word of what `chosen` holds.
template <class Value>
CLI::Option* add_choice(CLI::App& command, const std::string& names, Value& chosen,
                        const std::vector<choice<Value>>& choices, const std::string& help) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const choice<Value>& one : choices) words.push_back(one.word);
  const auto choose = [&chosen, choices](const std::string& word) {
    chosen = std::ranges::find(choices, word, &choice<Value>::word)->value;
  };
  return command.add_option_function<std::string>(names, choose, help)
      ->check(one_of(words))
      ->type_name(fmt::format("{}", fmt::join(words, "|")))
      ->default_str(std::ranges::find(choices, chosen, &choice<Value>::value)->word);
}

}  // namespace tequio::cli
