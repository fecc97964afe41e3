// SPDX-License-Identifier: MIT
// UTF-8: checking, stepping through code points, and some of Python's str methods.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tequio::utf8 {

enum class sequence { whole, cut, wrong };

struct checked {
  sequence state = sequence::wrong;
  std::size_t length = 0;  ///< bytes, when whole
};

/// Checks the sequence that begins at `text`; `cut` where the text ends inside a sequence that is right so far.
/// Source:  Unicode 15, table 3-7.
[[nodiscard]] checked check(const char* text, std::size_t size) noexcept;

/// Offset of the first byte that is not UTF-8, or npos.
[[nodiscard]] std::size_t find_wrong(std::string_view text) noexcept;

/// Code points in valid text.
[[nodiscard]] std::size_t length(std::string_view text) noexcept;

/// Takes the first code point off valid, non-empty text.
[[nodiscard]] char32_t take(std::string_view& text) noexcept;

void append(std::string& to, char32_t code_point);

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string upper(std::string_view text);

/// The text without leading and trailing white space, or without those in `characters` where that is not empty.
[[nodiscard]] std::string_view strip(std::string_view text, std::u32string_view characters = {}) noexcept;

}  // namespace tequio::utf8
