// SPDX-License-Identifier: MIT
// The small text files in /proc and /sys, and the words and numbers in them.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tequio::small_file {

/// The text of a file, its first 16 MiB at most; empty when it cannot be read.
[[nodiscard]] std::string read(const std::string& path);

/// The parts of `text` between separators; a separator at the end begins no part.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// The value of the line "KEY VALUE" or "KEY: VALUE unit"; nothing when there is none.
[[nodiscard]] std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key);

/// `text` as a number, without the white space around it; nothing when it is anything else.
template <class Number>
[[nodiscard]] std::optional<Number> parse(std::string_view text) {
  constexpr std::string_view blanks = " \t\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace tequio::small_file
