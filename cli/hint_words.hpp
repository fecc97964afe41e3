// SPDX-License-Identifier: MIT
// What the library's hints are called on the command line.
#pragma once

#include <string>

#include "tequio/error.hpp"

namespace tequio::cli {

/// The words of a hint, with the tool's option; empty for none.
[[nodiscard]] std::string option_words(const hint& given);

/// The message of an error, its hint in the tool's words.
[[nodiscard]] inline std::string message_of(const error& failed) {
  return reworded(failed.what(), failed.hint(), option_words);
}

}  // namespace tequio::cli
