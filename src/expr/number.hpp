// SPDX-License-Identifier: MIT
// The numbers of cells and expressions: a double, and the exact value where it is an integer of up to 64 bits.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string_view>

namespace tequio::expr {

/// A number; NaN stands for a missing one.
struct number {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::uint64_t magnitude = 0;  ///< without its sign, when `integral`
  bool negative = false;
  bool integral = false;

  [[nodiscard]] static number real(double value) noexcept { return {.value = value}; }
  [[nodiscard]] static number integer(std::uint64_t magnitude, bool negative) noexcept;
  [[nodiscard]] bool missing() const noexcept { return value != value; }
  [[nodiscard]] number negated() const noexcept;
};

/// Exact between integers; other numbers compare as doubles. Unordered if one is missing.
[[nodiscard]] std::partial_ordering compare(const number& a, const number& b) noexcept;

/// Reads a whole text as pandas reads a field: a sign, leading zeros and blanks around are allowed, `inf` and `nan` in
/// any case; hexadecimal, `1_000`, `1e` and numbers beyond every double are refused.
///
/// Exact:  correctly rounded.
[[nodiscard]] bool parse_number(std::string_view text, number& result) noexcept;

/// Whether a text that parse_number() refuses is a decimal number beyond every double, such as `1e400`.
[[nodiscard]] bool is_too_large(std::string_view text) noexcept;

/// Reads `True`, `TRUE`, `true`, `False`, `FALSE` or `false`; other texts are refused.
[[nodiscard]] bool parse_truth(std::string_view text, bool& result) noexcept;

inline number number::integer(std::uint64_t magnitude, bool negative) noexcept {
  const double value = static_cast<double>(magnitude);
  return {.value = negative ? -value : value,
          .magnitude = magnitude,
          .negative = negative && magnitude != 0,
          .integral = true};
}

inline number number::negated() const noexcept { return integral ? integer(magnitude, !negative) : real(-value); }

}  // namespace tequio::expr
