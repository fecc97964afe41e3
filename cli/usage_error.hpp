// SPDX-License-Identifier: MIT
// Thrown for what the user should write differently.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tequio/data/source.hpp"
#include "tequio/error.hpp"

namespace tequio::cli {

class usage_error : public error {
 public:
  using error::error;
};

/// Runs what checks the user's words: an error of these is wrong usage.
template <class Check>
auto checked_usage(Check check) {
  try {
    return check();
  } catch (const error& wrong) {
    throw usage_error(wrong.parts());
  }
}

/// data::expand_sources() for words of the command line.
[[nodiscard]] inline std::vector<data::source> sources_of(std::span<const std::string> words) {
  return checked_usage([&] {
    for (const std::string& word : words)
      if (word.empty())
        throw error({.object = "''", .problem = "names no file", .cure = "check the variable it comes from"});
    std::vector<data::source> sources = data::expand_sources(words);
    if (sources.empty()) throw error({.object = words.front(), .problem = "names no file", .cure = "write one a line"});
    return sources;
  });
}

}  // namespace tequio::cli
