// SPDX-License-Identifier: MIT
#include "tequio/data/numpy_rule.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string>

#include "tequio/error.hpp"

namespace tequio::data {

numpy_rule numpy_rule_of(std::string_view version) {
  std::array<unsigned, 4> numbers{};
  const char* at = version.data();
  const char* const end = at + version.size();
  for (unsigned& number : numbers) {
    const auto [rest, wrong] = std::from_chars(at, end, number);
    if (wrong != std::errc()) break;
    if (rest == end) return numbers < std::array{2U, 3U, 0U, 0U} ? numpy_rule::until_2_2 : numpy_rule::since_2_3;
    if (*rest != '.') break;
    at = rest + 1;
  }
  throw error({.object = fmt::format("'{}'", version),
               .problem = "no version of NumPy",
               .cure = "write its numbers with dots: 1.24, 2.4.6"});
}

}  // namespace tequio::data
