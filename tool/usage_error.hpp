// SPDX-License-Identifier: MIT
// Thrown for what the user should write differently.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tequio/data/source.hpp"
#include "tequio/error.hpp"

namespace tequio::tool {

class usage_error : public error {
 public:
  using error::error;
};

/// data::expand_sources() for words of the command line; what is wrong with them is wrong usage.
[[nodiscard]] inline std::vector<data::source> sources_of(std::span<const std::string> words) {
  try {
    return data::expand_sources(words);
  } catch (const error& wrong) {
    throw usage_error({.object = wrong.object(), .problem = wrong.problem(), .cure = wrong.cure(), .code = wrong.code()});
  }
}

}  // namespace tequio::tool
