// SPDX-License-Identifier: MIT
// The condition of `tequio query`: pandas' `DataFrame.query` language over the columns of a table.
// Make one, check it once, and use it for any number of tables with `filter_table`.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tequio/error.hpp"

namespace tequio::data {

struct query_tree;

/// An expression that is wrong: `what()` shows it with a caret under the place, and the cure.
class query_error : public error {
 public:
  /// @param position byte of `expression` where the caret stands.
  query_error(error_parts parts, std::string_view expression, std::size_t position);

  [[nodiscard]] const char* what() const noexcept override { return m_text.c_str(); }
  [[nodiscard]] std::size_t column() const noexcept { return m_column; }  ///< of the caret, in code points from 1

 private:
  std::size_t m_column = 1;
  std::string m_text;
};

/// What `@name` stands for: the text of a number, 'text', True, False or [list]; any other text stands for itself.
using query_variables = std::map<std::string, std::string, std::less<>>;

/// A condition over the columns of a table, such as `MUN == 0 and LOC == 0`.
///
/// `== != < <= > >= in`, chains, `and or not & | ~`, `+ - * / // % **`, lists, strings, names in backticks, `index`,
/// `inf`, `nan`, functions (`sqrt(A)`), `.isna() .notna() .isin([]) .between(a, b)` and `.str` methods, as in pandas.
/// What differs: each comparison decides for itself whether it is over numbers or texts, by what the column is compared
/// with. Numbers take each field as a number; text compares the field as it was written; two columns compare as numbers
/// where both fields are, else as texts. A missing value satisfies only `!=`, `not in` and `not (...)`. Conditions are
/// evaluated from left to right, and only as far as needed: what is not evaluated cannot fail.
///
/// Errors:  query_error from the constructor, before anything is read.
/// Safety:  unchanging; may be used from many threads and after a fork.
class query {
 public:
  explicit query(std::string_view expression, const query_variables& variables = {});

  [[nodiscard]] const std::string& expression() const noexcept;
  [[nodiscard]] const query_tree& tree() const noexcept { return *m_tree; }

 private:
  std::shared_ptr<const query_tree> m_tree;
};

}  // namespace tequio::data
