// SPDX-License-Identifier: MIT
#include "tequio/data/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tequio::data {
namespace {

std::string text(int128 number) {
  __extension__ using uint128 = unsigned __int128;
  uint128 rest = number < 0 ? -static_cast<uint128>(number) : static_cast<uint128>(number);
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  if (number < 0) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string text(double number) {
  if (std::isnan(number)) return "nan";  // whatever its sign
  std::array<char, 32> characters{};
  const auto result = std::to_chars(characters.data(), characters.data() + characters.size(), number);
  return {characters.data(), result.ptr};
}

std::string text(const std::complex<double>& number) {
  const std::string imaginary = text(number.imag());
  return text(number.real()) + (imaginary.front() == '-' ? "" : "+") + imaginary + "j";
}

}  // namespace

std::string to_string(const scalar& number) {
  return std::visit([](const auto& value) { return text(value); }, number);
}

}  // namespace tequio::data
