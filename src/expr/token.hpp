// SPDX-License-Identifier: MIT
// The words of an expression.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "expr/number.hpp"

namespace tequio::data {

enum class token_kind { name, quoted_name, variable, number, text, symbol, end };

struct token {
  token_kind kind = token_kind::end;
  std::size_t position = 0;
  std::string text{};  // without quotes; the symbol; the number as written
  number value{};
};

/// Splits an expression as Python would; the last token is `end`.
///
/// Errors:  query_error with the cure for what other languages write.
[[nodiscard]] std::vector<token> tokens_of(std::string_view expression);

}  // namespace tequio::data
