// SPDX-License-Identifier: MIT
#include "sources.hpp"

#include "usage_error.hpp"

namespace tequio::cli {

std::vector<data::source> sources_of(std::span<const std::string> words) {
  return checked_usage([&] {
    for (const std::string& word : words)
      if (word.empty())
        throw error({.object = "''", .problem = "names no file", .cure = "check the variable it comes from"});
    std::vector<data::source> sources = data::expand_sources(words);
    if (sources.empty())
      throw error({.object = words.front(), .problem = "names no file", .cure = "write one per line"});
    return sources;
  });
}

}  // namespace tequio::cli
