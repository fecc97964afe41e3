// SPDX-License-Identifier: MIT
// A condition over the rows of a table, in the language of pandas' `DataFrame.query`.
// The constructor checks it once; `filter_table` then uses it for any number of tables.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "tequio/expr/expression.hpp"
#include "tequio/serialize.hpp"

namespace tequio::data {

/// An expression that is wrong, or does not fit the columns of a table.
using query_error = expr::expression_error;

/// What `@name` stands for.
using query_variables = expr::variables;

/// A condition over the columns of a row, such as `MUN == 0 and LOC == 0`.
///
/// `== != < <= > >= in`, chains, `and or not & | ~`, `+ - * / // % **`, lists, strings, names in backticks, `index`,
/// `inf`, `nan`, functions (`sqrt(A)`), `.isna() .notna() .isin([]) .between(a, b)` and `.str` methods, as in pandas.
/// What differs: each comparison decides for itself whether it is over numbers or texts, by what the column is compared
/// with. Numbers take each field as a number; text compares the field as it was written; two columns compare as numbers
/// where both fields are, else as texts. A missing value satisfies only `!=`, `not in` and `not (...)`. Conditions are
/// evaluated from left to right, and only as far as needed: what is not evaluated cannot fail.
///
/// Errors:  query_error from the constructor, before anything is read.
/// Safety:  immutable; usable from many threads at once and after a fork.
class query {
 public:
  /// The condition that every row satisfies: `index >= 0`.
  query() : query("index >= 0") {}
  explicit query(std::string_view expression, const query_variables& variables = {});

  [[nodiscard]] const std::string& expression() const noexcept { return m_expression.text(); }
  [[nodiscard]] const query_variables& variables() const noexcept { return m_expression.variables(); }
  [[nodiscard]] const expr::tree& tree() const noexcept { return m_expression.tree(); }

 private:
  expr::expression m_expression;
};

/// Sends the text and the variables; the reader checks them once more.
template <class Archive>
void serialize(Archive& archive, query& value) {
  if constexpr (std::same_as<Archive, reader>) {
    std::string expression;
    query_variables variables;
    archive(expression, variables);
    value = query(expression, variables);
  } else {
    archive(value.expression(), value.variables());
  }
}

}  // namespace tequio::data
