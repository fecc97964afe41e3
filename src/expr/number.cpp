// SPDX-License-Identifier: MIT
#include "expr/number.hpp"

#include <fast_float/fast_float.h>

#include <cmath>

namespace tequio::expr {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
unsigned digit_of(char c) noexcept { return static_cast<unsigned char>(c) - unsigned{'0'}; }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool parse_digits(std::string_view text, std::uint64_t& magnitude) noexcept {
  if (text.empty()) return false;
  std::uint64_t value = 0;
  for (const char c : text) {
    const unsigned digit = digit_of(c);
    if (digit > 9 || __builtin_mul_overflow(value, 10U, &value) || __builtin_add_overflow(value, digit, &value))
      return false;
  }
  magnitude = value;
  return true;
}

}  // namespace

std::partial_ordering compare(const number& a, const number& b) noexcept {
  if (!a.integral || !b.integral) return a.value <=> b.value;
  if (a.negative != b.negative) return b.negative <=> a.negative;
  return a.negative ? b.magnitude <=> a.magnitude : a.magnitude <=> b.magnitude;
}

bool parse_number(std::string_view text, number& result) noexcept {
  text = trimmed(text);
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::uint64_t magnitude = 0;
  if (parse_digits(text, magnitude)) {
    result = number::integer(magnitude, negative);
    return true;
  }
  if (text.empty() || text.front() == '-' || text.front() == '+' || text.back() == ')') return false;
  double value = 0;
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return false;
  const bool underflow = error != std::errc() && value == 0;
  if (error != std::errc() && !underflow) return false;
  if (std::isinf(value) && digit_of(text.back()) <= 9) return false;  // written in digits, but beyond a double
  if (std::isinf(value) && text.back() == '.') return false;
  result = number::real(negative ? -value : value);
  return true;
}

bool is_too_large(std::string_view text) noexcept {
  text = trimmed(text);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || (digit_of(text.front()) > 9 && text.front() != '.')) return false;
  double value = 0;
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  return end == text.data() + text.size() && std::isinf(value);
}

bool parse_truth(std::string_view text, bool& result) noexcept {
  result = text == "True" || text == "TRUE" || text == "true";
  return result || text == "False" || text == "FALSE" || text == "false";
}

}  // namespace tequio::expr
