// SPDX-License-Identifier: MIT
#include "tequio/expr/expression.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "expr/tree.hpp"

namespace tequio::expr {

expression_error::expression_error(error_parts parts, std::string_view expression, std::size_t position)
    : error(parts) {
  position = std::min(position, expression.size());
  m_column = 1 + utf8::length(expression.substr(0, position));
  std::string line(expression);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  m_text = fmt::format("{}: {}\n  {}\n  {}^\n{}", parts.object, parts.problem, line, std::string(m_column - 1, ' '),
                       advice_of(parts));
}

expression::expression(std::string_view text, const expr::variables& values, std::string_view noun)
    : m_tree(std::make_shared<const expr::tree>(parse(text, values, noun))) {}

const std::string& expression::text() const noexcept { return m_tree->text; }
const variables& expression::variables() const noexcept { return m_tree->values; }

}  // namespace tequio::expr
