// SPDX-License-Identifier: MIT
// Evaluates a plan row by row, and only as far as needed: the reference for what a plan means. An accessor reads the
// columns of the current row, wherever that is; it is a template's parameter, so that it can be inlined.
#pragma once

#include <re2/re2.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/utf8.hpp"
#include "expr/plan.hpp"

namespace tequio::expr {

/// A text, or none.
struct text_value {
  std::string_view view{};
  bool missing = false;
};

/// Reads the columns of the current row. `scratch` is for a text that differs from its form in the row: `"a""b"` is
/// a"b.
template <class Row>
concept row_reader = requires(Row& row, std::string& scratch) {
  { row.truth_at(truth_column{}) } -> std::same_as<bool>;
  { row.number_at(number_column{}) } -> std::same_as<number>;
  { row.text_at(text_column{}, scratch) } -> std::same_as<text_value>;
  { row.compare(cell_comparison{}) } -> std::same_as<bool>;
  { row.index() } -> std::same_as<std::uint64_t>;
  row.note_zero_division();
};

[[nodiscard]] inline bool contains(const std::vector<number>& numbers, const number& wanted) noexcept {
  auto at = std::lower_bound(numbers.begin(), numbers.end(), wanted,
                             [](const number& a, const number& b) { return a.value < b.value; });
  for (; at != numbers.end() && at->value == wanted.value; ++at) {
    if (std::is_eq(compare(*at, wanted))) return true;
  }
  return false;
}

[[nodiscard]] inline bool contains(const std::vector<std::string>& texts, std::string_view wanted) noexcept {
  return std::binary_search(texts.begin(), texts.end(), wanted, std::less<>());
}

template <row_reader Row>
class interpreter {
 public:
  /// The plan and the row must outlive the interpreter.
  interpreter(const plan& steps, Row& row) : m_plan(steps), m_row(row), m_scratch(steps.texts.size()) {}

  /// Whether the row satisfies the condition.
  [[nodiscard]] bool test() { return truth(m_plan.root); }

 private:
  bool truth(truth_id id) {
    return std::visit([this](const auto& step) { return this->evaluate(step); }, m_plan[id]);
  }
  number number_of(number_id id) {
    return std::visit([this](const auto& step) { return this->evaluate(step); }, m_plan[id]);
  }
  text_value text_of(text_id id) {
    std::string& scratch = m_scratch[static_cast<std::size_t>(id)];
    return std::visit([&](const auto& step) { return this->evaluate(step, scratch); }, m_plan[id]);
  }

  bool evaluate(const truth_constant& step) { return step.value; }
  bool evaluate(const truth_column& step) { return m_row.truth_at(step); }
  bool evaluate(const negation& step) { return !truth(step.operand); }
  bool evaluate(const all_of& step) {
    return std::all_of(step.operands.begin(), step.operands.end(), [&](truth_id part) { return truth(part); });
  }
  bool evaluate(const any_of& step) {
    return std::any_of(step.operands.begin(), step.operands.end(), [&](truth_id part) { return truth(part); });
  }
  bool evaluate(const number_comparison& step) {
    const number left = number_of(step.left);
    return holds(step.how, compare(left, number_of(step.right)));
  }
  bool evaluate(const text_comparison& step) {
    const text_value left = text_of(step.left);
    const text_value right = text_of(step.right);
    if (left.missing || right.missing) return step.how == relation::unequal;
    return holds(step.how, left.view <=> right.view);
  }
  bool evaluate(const cell_comparison& step) { return m_row.compare(step); }
  bool evaluate(const number_membership& step) {
    const number value = number_of(step.subject);
    return value.missing() ? step.list.missing : contains(step.list.numbers, value);
  }
  bool evaluate(const text_membership& step) {
    const text_value value = text_of(step.subject);
    return value.missing ? step.list.missing : contains(step.list.texts, value.view);
  }
  bool evaluate(const cell_membership& step) {
    const text_value value = text_of(step.subject);
    if (value.missing) return step.list.missing;
    number as_number;
    return contains(step.list.texts, value.view) ||
           (parse_number(value.view, as_number) && contains(step.list.numbers, as_number));
  }
  bool evaluate(const number_missing& step) { return number_of(step.subject).missing(); }
  bool evaluate(const text_missing& step) { return text_of(step.subject).missing; }
  bool evaluate(const text_affix& step) {
    const text_value value = text_of(step.subject);
    if (value.missing) return step.if_missing;
    return std::any_of(step.affixes.begin(), step.affixes.end(), [&](const std::string& affix) {
      return step.where == text_end::start ? value.view.starts_with(affix) : value.view.ends_with(affix);
    });
  }
  bool evaluate(const text_match& step) {
    const text_value value = text_of(step.subject);
    if (value.missing) return step.if_missing;
    const re2::StringPiece piece(value.view.data(), value.view.size());
    return step.pattern->Match(piece, 0, piece.size(), re2_anchor(step.anchored), nullptr, 0);
  }
  bool evaluate(const text_numeric& step) {
    const text_value value = text_of(step.subject);
    return !value.missing && is_numeric(value.view);
  }

  number evaluate(const number_constant& step) { return step.value; }
  number evaluate(const number_column& step) { return m_row.number_at(step); }
  number evaluate(const row_index&) { return number::integer(m_row.index(), false); }
  number evaluate(const negative& step) { return number_of(step.operand).negated(); }
  number evaluate(const calculation& step) {
    const double left = number_of(step.left).value;
    const double right = number_of(step.right).value;
    if (lacks_divisor(step.operation, right)) m_row.note_zero_division();
    return number::real(calculate(step.operation, left, right));
  }
  number evaluate(const unary_call& step) { return number::real(call(step.function, number_of(step.argument).value)); }
  number evaluate(const binary_call& step) {
    const double first = number_of(step.first).value;
    return number::real(call(step.function, first, number_of(step.second).value));
  }
  number evaluate(const text_length& step) {
    const text_value value = text_of(step.operand);
    return value.missing ? number{} : number::integer(utf8::length(value.view), false);
  }
  number evaluate(const truth_number& step) { return number::integer(truth(step.operand), false); }

  text_value evaluate(const text_constant& step, std::string&) { return {.view = step.value}; }
  text_value evaluate(const text_column& step, std::string& scratch) { return m_row.text_at(step, scratch); }
  text_value evaluate(const changed_case& step, std::string& scratch) {
    const text_value value = text_of(step.operand);
    if (value.missing) return value;
    scratch = step.to == letter_case::lower ? utf8::lower(value.view) : utf8::upper(value.view);
    return {.view = scratch};
  }
  text_value evaluate(const stripped& step, std::string&) {
    const text_value value = text_of(step.operand);
    if (value.missing) return value;
    return {.view = utf8::strip(value.view, step.characters)};
  }
  text_value evaluate(const concatenation& step, std::string& scratch) {
    const text_value left = text_of(step.left);
    if (left.missing) return left;
    const text_value right = text_of(step.right);
    if (right.missing) return right;
    scratch.assign(left.view).append(right.view);
    return {.view = scratch};
  }

  static re2::RE2::Anchor re2_anchor(anchor where) noexcept {
    switch (where) {
      case anchor::none:
        return re2::RE2::UNANCHORED;
      case anchor::begin:
        return re2::RE2::ANCHOR_START;
      case anchor::both:
        break;
    }
    return re2::RE2::ANCHOR_BOTH;
  }

  const plan& m_plan;
  Row& m_row;
  std::vector<std::string> m_scratch;  // per text step
};

}  // namespace tequio::expr
