// SPDX-License-Identifier: MIT
// The words of an expression.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "expr/number.hpp"

namespace tequio::expr {

enum class token_kind { name, quoted_name, variable, number, text, symbol, end };

struct token {
  token_kind kind = token_kind::end;
  std::size_t position = 0;
  std::string text{};  // without quotes; the symbol; the number as written
  number value{};
};

/// Splits an expression as Python would; the last token is `end`.
///
/// @param noun names the expression in messages.
/// Errors:  expression_error; for an operator of another language the cure names ours.
[[nodiscard]] std::vector<token> tokens_of(std::string_view expression, std::string_view noun);

}  // namespace tequio::expr
