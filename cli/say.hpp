// SPDX-License-Identifier: MIT
// Messages to the user, on standard error.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace tequio::cli {

/// Writes to standard error, and waits until it can be written; a failure to write is ignored.
void tell(std::string_view text) noexcept;

/// A line of the tool's own: "tequio: ...".
template <class... Values>
void say(fmt::format_string<Values...> words, Values&&... values) {
  tell("tequio: " + fmt::format(words, std::forward<Values>(values)...) + "\n");
}

}  // namespace tequio::cli
