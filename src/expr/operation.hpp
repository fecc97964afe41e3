// SPDX-License-Identifier: MIT
// The comparisons, operators and functions of the language: their names and what each computes. An interpreter calls
// them as they are here; a compiler emits code with the same bits.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tequio::expr {

enum class relation : std::uint8_t { equal, unequal, less, less_equal, greater, greater_equal };

/// Whether two values in this order satisfy the relation. Unordered values, of which one is missing, satisfy only
/// `unequal`.
[[nodiscard]] bool holds(relation how, std::partial_ordering order) noexcept;

enum class arithmetic : std::uint8_t { add, subtract, multiply, divide, floor_divide, modulo, power };

/// `//` and `%` follow Python's rules for signs, and are NaN where the divisor is zero.
[[nodiscard]] double calculate(arithmetic operation, double a, double b) noexcept;

/// Whether the result is missing because the divisor is zero.
[[nodiscard]] inline bool lacks_divisor(arithmetic operation, double divisor) noexcept {
  return divisor == 0 && (operation == arithmetic::floor_divide || operation == arithmetic::modulo);
}

enum class unary_function : std::uint8_t {
  sin,
  cos,
  exp,
  log,
  expm1,
  log1p,
  sqrt,
  sinh,
  cosh,
  tanh,
  tan,
  arcsin,
  arccos,
  arctan,
  arccosh,
  arcsinh,
  arctanh,
  abs,
  log10,
  floor,
  ceil,
};

enum class binary_function : std::uint8_t { arctan2 };

[[nodiscard]] std::optional<unary_function> find_unary_function(std::string_view name) noexcept;
[[nodiscard]] std::optional<binary_function> find_binary_function(std::string_view name) noexcept;
[[nodiscard]] std::vector<std::string> function_names();

[[nodiscard]] double call(unary_function function, double x) noexcept;
[[nodiscard]] double call(binary_function function, double x, double y) noexcept;

/// Whether a text is of numerals only, as `str.isnumeric()` has it for Latin-1.
[[nodiscard]] bool is_numeric(std::string_view text) noexcept;

inline bool holds(relation how, std::partial_ordering order) noexcept {
  switch (how) {
    case relation::equal:
      return std::is_eq(order);
    case relation::unequal:
      return std::is_neq(order);
    case relation::less:
      return std::is_lt(order);
    case relation::less_equal:
      return std::is_lteq(order);
    case relation::greater:
      return std::is_gt(order);
    case relation::greater_equal:
      return std::is_gteq(order);
  }
  return false;
}

}  // namespace tequio::expr
