// SPDX-License-Identifier: MIT
// The patterns in which users name many files at once: {01..32}, {a,b}, *, ?, [a-z], **.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tequio::data {

/// The words a pattern with braces stands for; the word itself where it has none.
///
/// Errors:  error naming the pattern: an open brace, one that is neither a range nor a list, more than 1,000,000 words.
[[nodiscard]] std::vector<std::string> expand_braces(const std::string& word);

/// Whether `word` has a character that only a glob needs.
[[nodiscard]] bool is_glob(std::string_view word) noexcept;

/// The files that `pattern` matches, in natural order; folders that cannot be read match nothing.
[[nodiscard]] std::vector<std::string> match_glob(const std::string& pattern);

/// An order in which runs of digits count as numbers: file_2 before file_10.
[[nodiscard]] bool natural_less(std::string_view left, std::string_view right) noexcept;

}  // namespace tequio::data
