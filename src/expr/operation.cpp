// SPDX-License-Identifier: MIT
#include "expr/operation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/utf8.hpp"

namespace tequio::expr {
namespace {

template <class Function, class... Numbers>
struct entry {
  Function function;
  std::string_view name;
  double (*compute)(Numbers...);
};

constexpr entry<unary_function, double> unary_functions[] = {
    {unary_function::sin, "sin", std::sin},           {unary_function::cos, "cos", std::cos},
    {unary_function::exp, "exp", std::exp},           {unary_function::log, "log", std::log},
    {unary_function::expm1, "expm1", std::expm1},     {unary_function::log1p, "log1p", std::log1p},
    {unary_function::sqrt, "sqrt", std::sqrt},        {unary_function::sinh, "sinh", std::sinh},
    {unary_function::cosh, "cosh", std::cosh},        {unary_function::tanh, "tanh", std::tanh},
    {unary_function::tan, "tan", std::tan},           {unary_function::arcsin, "arcsin", std::asin},
    {unary_function::arccos, "arccos", std::acos},    {unary_function::arctan, "arctan", std::atan},
    {unary_function::arccosh, "arccosh", std::acosh}, {unary_function::arcsinh, "arcsinh", std::asinh},
    {unary_function::arctanh, "arctanh", std::atanh}, {unary_function::abs, "abs", std::fabs},
    {unary_function::log10, "log10", std::log10},     {unary_function::floor, "floor", std::floor},
    {unary_function::ceil, "ceil", std::ceil},
};

constexpr entry<binary_function, double, double> binary_functions[] = {
    {binary_function::arctan2, "arctan2", std::atan2},
};

template <class Table>
constexpr bool in_order_of_enum(const Table& table) {
  std::size_t place = 0;
  for (const auto& each : table)
    if (static_cast<std::size_t>(each.function) != place++) return false;
  return true;
}
static_assert(in_order_of_enum(unary_functions) && in_order_of_enum(binary_functions));
static_assert(std::size(unary_functions) == static_cast<std::size_t>(unary_function::ceil) + 1);
static_assert(std::size(binary_functions) == static_cast<std::size_t>(binary_function::arctan2) + 1);

template <class Table>
auto find(const Table& table, std::string_view name) noexcept -> std::optional<decltype(table[0].function)> {
  for (const auto& each : table)
    if (each.name == name) return each.function;
  return std::nullopt;
}

// The remainder has the sign of the divisor.
double modulo(double a, double b) noexcept {
  const double rest = std::fmod(a, b);
  if (rest != 0) return (rest < 0) != (b < 0) ? rest + b : rest;
  return std::copysign(0.0, b);
}

double floor_divided(double a, double b) noexcept {
  if (std::isinf(a) || !std::isfinite(b)) return std::isinf(a) ? std::nan("") : std::floor(a / b);
  const double quotient = (a - modulo(a, b)) / b;
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

bool is_numeral(char32_t c) noexcept {
  return (c >= U'0' && c <= U'9') || c == U'\u00B2' || c == U'\u00B3' || c == U'\u00B9' ||
         (c >= U'\u00BC' && c <= U'\u00BE');
}

}  // namespace

double calculate(arithmetic operation, double a, double b) noexcept {
  if (lacks_divisor(operation, b)) return std::numeric_limits<double>::quiet_NaN();
  switch (operation) {
    case arithmetic::add:
      return a + b;
    case arithmetic::subtract:
      return a - b;
    case arithmetic::multiply:
      return a * b;
    case arithmetic::divide:
      return a / b;
    case arithmetic::floor_divide:
      return floor_divided(a, b);
    case arithmetic::modulo:
      return modulo(a, b);
    case arithmetic::power:
      return std::pow(a, b);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::optional<unary_function> find_unary_function(std::string_view name) noexcept {
  return find(unary_functions, name);
}

std::optional<binary_function> find_binary_function(std::string_view name) noexcept {
  return find(binary_functions, name);
}

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (const auto& each : binary_functions) names.emplace_back(each.name);
  for (const auto& each : unary_functions) names.emplace_back(each.name);
  return names;
}

double call(unary_function function, double x) noexcept {
  return unary_functions[static_cast<std::size_t>(function)].compute(x);
}

double call(binary_function function, double x, double y) noexcept {
  return binary_functions[static_cast<std::size_t>(function)].compute(x, y);
}

bool is_numeric(std::string_view text) noexcept {
  if (text.empty()) return false;
  while (!text.empty()) {
    if (!is_numeral(utf8::take(text))) return false;
  }
  return true;
}

}  // namespace tequio::expr
