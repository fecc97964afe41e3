// SPDX-License-Identifier: MIT
// A query bound to the columns of one table: a list of steps of known types, each using earlier ones by index.
// The evaluator interprets it; a compiler could take it as it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expr/number.hpp"
#include "expr/tree.hpp"

namespace re2 {
class RE2;
}

namespace tequio::data {

using step_id = std::uint32_t;

enum class relation { equal, unequal, less, less_equal, greater, greater_equal };

enum class step_kind {
  // conditions
  truth_constant,
  truth_column,  // True or False in the field
  negate,
  all,
  any,
  compare_numbers,
  compare_texts,
  compare_columns,  // numbers where both are, else texts
  number_in,
  text_in,
  field_in,  // a column in a list of numbers and texts
  text_missing,
  number_missing,
  starts_with,  // with one of the list's texts
  ends_with,
  matches,  // the regular expression
  is_numeric,
  // numbers
  number_constant,
  number_column,
  row_index,
  minus,
  arithmetic,
  function_1,
  function_2,
  length,
  truth_number,  // 0 or 1
  // texts
  text_constant,
  text_column,
  lower,
  upper,
  strip,
  concatenate,
};

enum class arithmetic { add, subtract, multiply, divide, floor_divide, modulo, power };

enum class anchor { none, begin, both };

/// The constants of a list.
struct value_list {
  std::vector<number> numbers{};     // ascending as doubles
  std::vector<std::string> texts{};  // ascending
  bool missing = false;
};

struct step {
  step_kind kind = step_kind::truth_constant;
  std::vector<step_id> operands{};
  std::uint32_t column = 0;
  relation how = relation::equal;
  arithmetic operation = arithmetic::add;
  bool constant = false;    // of truth_constant; of str predicates: the answer for a missing text
  bool notes_kind = false;  // compares a column with a text in a way that makes no sense if it holds only numbers
  number value{};
  std::string text{};  // of number_column: the number it is compared with, as written
  double (*function_1)(double) = nullptr;
  double (*function_2)(double, double) = nullptr;
  value_list list{};
  anchor anchored = anchor::none;
  std::shared_ptr<const re2::RE2> expression{};
};

struct query_plan {
  std::vector<step> steps{};
  step_id root = 0;
  std::size_t located_columns = 0;  // the evaluator needs the first so many
};

/// Binds to the columns of `source`.
///
/// Errors:  query_error: an unknown column (with the nearest names), a condition that is none, types that do not
/// compare.
[[nodiscard]] query_plan bind_query(const query_tree& tree, const std::vector<std::string>& columns,
                                    const std::string& source);

/// Binds as if every name were a column: finds what is wrong whatever the table.
void check_query(const query_tree& tree);

}  // namespace tequio::data
