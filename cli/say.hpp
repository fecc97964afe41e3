// SPDX-License-Identifier: MIT
// What the tool tells the person at the terminal, on standard error.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace tequio::cli {

/// Writes to standard error; where nobody can read it, it is lost and nothing else is.
void tell(std::string_view text) noexcept;

/// A line of the tool's own: "tequio: ...".
template <class... Values>
void say(fmt::format_string<Values...> words, Values&&... values) {
  tell("tequio: " + fmt::format(words, std::forward<Values>(values)...) + "\n");
}

}  // namespace tequio::cli
