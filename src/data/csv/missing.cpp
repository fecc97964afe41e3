// SPDX-License-Identifier: MIT
#include "data/csv/missing.hpp"

#include <algorithm>

#include "expr/number.hpp"

namespace tequio::data {
namespace {

constexpr std::string_view standard_texts[] = {"#N/A", "#N/A N/A", "#NA",     "-1.#IND", "-1.#QNAN", "-NaN",
                                               "-nan", "1.#IND",   "1.#QNAN", "<NA>",    "N/A",      "NA",
                                               "NULL", "NaN",      "None",    "n/a",     "nan",      "null"};

}  // namespace

missing_texts::missing_texts(std::span<const std::string> added) {
  const auto add = [&](std::string_view text) {
    if (text.empty()) return;
    m_texts.emplace(text);
    m_first[static_cast<unsigned char>(text.front())] = true;
    m_longest = std::max(m_longest, text.size());
  };
  for (const std::string_view text : standard_texts) add(text);
  for (const std::string& text : added) {
    add(text);
    expr::number value;
    m_some_are_numbers |= parse_number(text, value) && !value.missing();
  }
}

}  // namespace tequio::data
