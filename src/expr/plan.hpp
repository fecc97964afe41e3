// SPDX-License-Identifier: MIT
// A condition bound to the columns of a schema: steps by the type of their result, which name their operands by id.
// An interpreter walks it from the root; a compiler can take it as it is. Nothing in it tells where the rows come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "expr/number.hpp"
#include "expr/operation.hpp"

namespace re2 {
class RE2;
}

namespace tequio::expr {

/// Places in plan::truths, plan::numbers and plan::texts.
enum class truth_id : std::uint32_t {};
enum class number_id : std::uint32_t {};
enum class text_id : std::uint32_t {};

/// The constants of a list.
struct value_list {
  std::vector<number> numbers{};     ///< ascending as doubles
  std::vector<std::string> texts{};  ///< ascending
  bool missing = false;              ///< whether a missing value is in the list
};

// Steps that are true or false.

struct truth_constant {
  bool value = false;
};
struct truth_column {
  std::uint32_t column = 0;
};
struct negation {
  truth_id operand{};
};
/// Evaluated from the left, up to the first that is false.
struct all_of {
  std::vector<truth_id> operands{};
};
/// Evaluated from the left, up to the first that is true.
struct any_of {
  std::vector<truth_id> operands{};
};
struct number_comparison {
  relation how{};
  number_id left{};
  number_id right{};
};
struct text_comparison {
  relation how{};
  text_id left{};
  text_id right{};
};
/// Two columns of cells, compared as numbers in rows where both cells are numbers, else as texts.
struct cell_comparison {
  relation how{};
  std::uint32_t left = 0;
  std::uint32_t right = 0;
};
struct number_membership {
  number_id subject{};
  value_list list{};
};
struct text_membership {
  text_id subject{};
  value_list list{};
};
/// A cell that is one of the texts as it is written, or one of the numbers as a number.
struct cell_membership {
  text_id subject{};
  value_list list{};
};
struct number_missing {
  number_id subject{};
};
struct text_missing {
  text_id subject{};
};
enum class text_end : std::uint8_t { start, end };
/// Whether the text starts or ends with one of the affixes.
struct text_affix {
  text_end where{};
  text_id subject{};
  std::vector<std::string> affixes{};
  bool if_missing = false;
};
enum class anchor : std::uint8_t { none, begin, both };
struct text_match {
  text_id subject{};
  std::shared_ptr<const re2::RE2> pattern{};
  anchor anchored{};
  bool if_missing = false;
};
/// Whether the text is of numerals only.
struct text_numeric {
  text_id subject{};
};

using truth_step = std::variant<truth_constant, truth_column, negation, all_of, any_of, number_comparison,
                                text_comparison, cell_comparison, number_membership, text_membership, cell_membership,
                                number_missing, text_missing, text_affix, text_match, text_numeric>;

// Steps that are numbers.

struct number_constant {
  number value{};
};
struct number_column {
  std::uint32_t column = 0;
  std::string compared_with{};  ///< the number that it is compared with, as written; empty for none
};
/// The number of the row, from 0.
struct row_index {};
struct negative {
  number_id operand{};
};
struct calculation {
  arithmetic operation{};
  number_id left{};
  number_id right{};
};
struct unary_call {
  unary_function function{};
  number_id argument{};
};
struct binary_call {
  binary_function function{};
  number_id first{};
  number_id second{};
};
/// The number of code points.
struct text_length {
  text_id operand{};
};
/// 1 for true, 0 for false.
struct truth_number {
  truth_id operand{};
};

using number_step = std::variant<number_constant, number_column, row_index, negative, calculation, unary_call,
                                 binary_call, text_length, truth_number>;

// Steps that are texts.

struct text_constant {
  std::string value{};
};
struct text_column {
  std::uint32_t column = 0;
  std::optional<std::uint32_t> kind_check{};  ///< place in plan::kind_checks, where it has one
};
enum class letter_case : std::uint8_t { lower, upper };
struct changed_case {
  letter_case to{};
  text_id operand{};
};
struct stripped {
  text_id operand{};
  std::u32string characters{};  ///< white space if empty
};
struct concatenation {
  text_id left{};
  text_id right{};
};

using text_step = std::variant<text_constant, text_column, changed_case, stripped, concatenation>;

/// A column of cells is compared with this text, which is an error if every cell that is read turns out to be a number.
struct kind_check {
  std::uint32_t column = 0;
  std::string text{};
};

struct plan {
  std::vector<truth_step> truths{};
  std::vector<number_step> numbers{};
  std::vector<text_step> texts{};
  std::vector<kind_check> kind_checks{};
  truth_id root{};
  std::size_t column_count = 0;  ///< the plan uses only the first ones, up to this count

  [[nodiscard]] const truth_step& operator[](truth_id id) const { return truths[static_cast<std::size_t>(id)]; }
  [[nodiscard]] const number_step& operator[](number_id id) const { return numbers[static_cast<std::size_t>(id)]; }
  [[nodiscard]] const text_step& operator[](text_id id) const { return texts[static_cast<std::size_t>(id)]; }
};

}  // namespace tequio::expr
