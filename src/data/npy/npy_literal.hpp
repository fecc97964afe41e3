// SPDX-License-Identifier: MIT
// The Python literals a .npy header is written in: strings, integers, True/False/None, tuples, lists, dicts.
// They are parsed by hand into a tree; nothing is evaluated. `np.int64(4)` is read as the integer it prints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tequio::data::npy_format {

/// The text of a header, and how to speak about places in it.
struct header_text {
  std::string_view characters{};  ///< latin-1 before version 3, UTF-8 from it
  std::size_t offset = 0;         ///< of the first character in the file
  unsigned version = 1;
  const std::string& object;

  /// Throws a format_error about the byte of the file that `place`, a part of `characters`, starts at.
  [[noreturn]] void refuse(const std::string& problem, const char* place, const std::string& cure = {}) const;
};

/// A node of the tree.
struct literal {
  enum class type : std::uint8_t { string, bytes, integer, boolean, none, tuple, list, dict };

  type is = type::none;
  bool negative = false;         ///< integer: below zero
  bool too_large = false;        ///< integer: 64 bits do not hold it
  std::uint64_t value = 0;       ///< integer: its magnitude; boolean: 0 or 1
  std::string text{};            ///< string: UTF-8
  std::vector<literal> items{};  ///< tuple, list; dict: key, value, key, value
  std::string_view source{};     ///< where it stands

  /// The source, shortened for a message.
  [[nodiscard]] std::string excerpt() const;
};

/// Parses the one literal that `text` must hold, with blanks and a comment around it.
///
/// Errors:  format_error naming the byte; nesting deeper than 8 is refused.
[[nodiscard]] literal parse_literal(const header_text& text);

/// `characters` with everything but printable ASCII as \xNN, at most `most` of them.
[[nodiscard]] std::string printable(std::string_view characters, std::size_t most = 60);

}  // namespace tequio::data::npy_format
