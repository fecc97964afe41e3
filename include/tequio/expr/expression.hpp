// SPDX-License-Identifier: MIT
// An expression of the one language for tables and arrays, such as `sqrt(A**2 + B**2) > 1`: parsed, not yet bound to
// the columns that its names stand for. `data::query` is an expression that is a condition.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tequio/error.hpp"

namespace tequio::expr {

struct tree;

/// A wrong expression: `what()` shows it with a caret under the place, and the cure.
class expression_error : public error {
 public:
  /// @param position byte of `expression` where the caret stands.
  expression_error(error_parts parts, std::string_view expression, std::size_t position);

  [[nodiscard]] const char* what() const noexcept override { return m_text.c_str(); }
  [[nodiscard]] std::size_t column() const noexcept { return m_column; }  ///< of the caret, in code points from 1

 private:
  std::size_t m_column = 1;
  std::string m_text;
};

/// The values of `@name`: the text of a number, 'text', True, False or [list]; any other text stands for itself.
using variables = std::map<std::string, std::string, std::less<>>;

/// An expression that is grammatical; names and types are checked when it is bound.
///
/// Errors:  expression_error from the constructor.
/// Safety:  immutable; usable from many threads at once and after a fork.
class expression {
 public:
  /// @param noun names the expression in messages: "query".
  explicit expression(std::string_view text, const expr::variables& values = {}, std::string_view noun = "expression");

  [[nodiscard]] const std::string& text() const noexcept;
  [[nodiscard]] const expr::variables& variables() const noexcept;
  /// The parsed form; for the library itself.
  [[nodiscard]] const expr::tree& tree() const noexcept { return *m_tree; }

 private:
  std::shared_ptr<const expr::tree> m_tree;
};

}  // namespace tequio::expr
