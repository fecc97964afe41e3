// SPDX-License-Identifier: MIT
#include "data/query/csv_row.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <compare>

#include "base/utf8.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace {

bool holds(relation how, std::partial_ordering order) noexcept {
  switch (how) {
    case relation::equal:
      return std::is_eq(order);
    case relation::unequal:
      return std::is_neq(order);  // also when one is missing
    case relation::less:
      return std::is_lt(order);
    case relation::less_equal:
      return std::is_lteq(order);
    case relation::greater:
      return std::is_gt(order);
    case relation::greater_equal:
      return std::is_gteq(order);
  }
  return false;
}

bool contains(const std::vector<number>& numbers, const number& wanted) noexcept {
  auto at = std::lower_bound(numbers.begin(), numbers.end(), wanted,
                             [](const number& a, const number& b) { return a.value < b.value; });
  for (; at != numbers.end() && at->value == wanted.value; ++at) {
    if (std::is_eq(compare(*at, wanted))) return true;
  }
  return false;
}

bool contains(const std::vector<std::string>& texts, std::string_view wanted) noexcept {
  return std::binary_search(texts.begin(), texts.end(), wanted, std::less<>());
}

// Python's sign rule: the remainder has the sign of the divisor.
double modulo(double a, double b) noexcept {
  const double rest = std::fmod(a, b);
  if (rest != 0) return (rest < 0) != (b < 0) ? rest + b : rest;
  return std::copysign(0.0, b);
}

double floor_divided(double a, double b) noexcept {
  if (std::isinf(a) || !std::isfinite(b)) return std::isinf(a) ? std::nan("") : std::floor(a / b);
  const double quotient = (a - modulo(a, b)) / b;
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

bool is_numeral(char32_t c) noexcept {
  return (c >= U'0' && c <= U'9') || c == U'\u00B2' || c == U'\u00B3' || c == U'\u00B9' ||
         (c >= U'\u00BC' && c <= U'\u00BE');
}

bool is_numeric(std::string_view text) noexcept {
  if (text.empty()) return false;
  while (!text.empty()) {
    if (!is_numeral(utf8::take(text))) return false;
  }
  return true;
}

std::u32string code_points(std::string_view text) {
  std::u32string result;
  while (!text.empty()) result.push_back(utf8::take(text));
  return result;
}

// Of a text that looks like a number: `000` is not one in a query.
std::string_view without_zeros(std::string_view text) noexcept {
  text = utf8::strip(text);
  const std::size_t significant = text.find_first_not_of('0');
  if (significant == std::string_view::npos) return "0";
  const bool fraction = text[significant] < '0' || text[significant] > '9';
  return text.substr(significant - (fraction && significant > 0 ? 1 : 0));
}

// Whether a field may stand for a missing value: *, N/D, s/d, -----; not a name, a date or a sentence.
bool is_marker(std::string_view field) noexcept {
  constexpr std::size_t longest = 4;
  const auto is_sign = [](unsigned char c) { return c > ' ' && c < 0x7F && std::isalnum(c) == 0; };
  return utf8::length(field) <= longest || std::all_of(field.begin(), field.end(), is_sign);
}

re2::RE2::Anchor anchor_of(anchor where) noexcept {
  if (where == anchor::none) return re2::RE2::UNANCHORED;
  return where == anchor::begin ? re2::RE2::ANCHOR_START : re2::RE2::ANCHOR_BOTH;
}

}  // namespace

query_evaluator::query_evaluator(const query_plan& plan, const csv_reader& reader, const filter_options& options)
    : m_plan(plan),
      m_reader(reader),
      m_missing(options.missing),
      m_on_mismatch(options.on_mismatch),
      m_scratch(plan.steps.size()),
      m_seen(plan.steps.size(), seen::nothing) {}

bool query_evaluator::truth(step_id id) {
  const step& s = m_plan.steps[id];
  switch (s.kind) {
    case step_kind::truth_constant:
      return s.constant;
    case step_kind::truth_column:
      return truth_column(s, id);
    case step_kind::negate:
      return !truth(s.operands[0]);
    case step_kind::all:
      return std::all_of(s.operands.begin(), s.operands.end(), [&](step_id part) { return truth(part); });
    case step_kind::any:
      return std::any_of(s.operands.begin(), s.operands.end(), [&](step_id part) { return truth(part); });
    case step_kind::compare_numbers: {
      const number left = number_of(s.operands[0]);
      return holds(s.how, compare(left, number_of(s.operands[1])));
    }
    case step_kind::compare_texts:
      return compare_texts(s, id);
    case step_kind::compare_columns:
      return compare_columns(s);
    case step_kind::number_in: {
      const number value = number_of(s.operands[0]);
      return value.missing() ? s.list.missing : contains(s.list.numbers, value);
    }
    case step_kind::text_in:
    case step_kind::field_in:
      return text_in(s, id);
    case step_kind::text_missing:
      return text_of(s.operands[0]).missing;
    case step_kind::number_missing:
      return number_of(s.operands[0]).missing();
    default:
      return matches(s);
  }
}

bool query_evaluator::truth_column(const step& s, step_id id) {
  const std::string_view field = m_reader.field(s.column, m_scratch[id]);
  bool value = false;
  if (parse_truth(field, value) || m_missing.contains(field)) return value;
  if (m_on_mismatch == mismatch::no_match) return false;
  fail(s.column, field, "is not True or False, as a condition needs", "compare the column: ... == 0");
}

bool query_evaluator::compare_texts(const step& s, step_id id) {
  const text left = text_of(s.operands[0]);
  const text right = text_of(s.operands[1]);
  if (s.notes_kind) note_kind(id, m_plan.steps[s.operands[0]].kind == step_kind::text_column ? left.view : right.view);
  if (left.missing || right.missing) return s.how == relation::unequal;
  return holds(s.how, left.view <=> right.view);
}

bool query_evaluator::compare_columns(const step& s) {
  const text left = text_of(s.operands[0]);
  const text right = text_of(s.operands[1]);
  if (left.missing || right.missing) return s.how == relation::unequal;
  number a;
  number b;
  const bool left_is_number = parse_number(left.view, a);
  const bool right_is_number = parse_number(right.view, b);
  if (left_is_number && right_is_number) return holds(s.how, compare(a, b));
  const bool equality = s.how == relation::equal || s.how == relation::unequal;
  if (left_is_number == right_is_number || equality) return holds(s.how, left.view <=> right.view);
  if (m_on_mismatch == mismatch::no_match) return false;
  const step& odd = m_plan.steps[s.operands[left_is_number ? 1 : 0]];
  const std::string_view field = left_is_number ? right.view : left.view;
  fail(odd.column, field, "is not a number, as the column it is compared with",
       is_marker(field) ? "" : "compare columns that both hold numbers",
       is_marker(field) ? hint{hint_kind::missing, shown(field)} : hint{hint_kind::lenient});
}

bool query_evaluator::text_in(const step& s, step_id id) {
  const text value = text_of(s.operands[0]);
  if (s.notes_kind) note_kind(id, value.view);
  if (value.missing) return s.list.missing;
  if (contains(s.list.texts, value.view)) return true;
  number n;
  return s.kind == step_kind::field_in && parse_number(value.view, n) && contains(s.list.numbers, n);
}

bool query_evaluator::matches(const step& s) {
  const text value = text_of(s.operands[0]);
  if (value.missing) return s.constant;
  const auto some = [&](auto test) { return std::any_of(s.list.texts.begin(), s.list.texts.end(), test); };
  switch (s.kind) {
    case step_kind::starts_with:
      return some([&](const std::string& t) { return value.view.starts_with(t); });
    case step_kind::ends_with:
      return some([&](const std::string& t) { return value.view.ends_with(t); });
    case step_kind::is_numeric:
      return is_numeric(value.view);
    default: {
      const re2::StringPiece piece(value.view.data(), value.view.size());
      return s.expression->Match(piece, 0, piece.size(), anchor_of(s.anchored), nullptr, 0);
    }
  }
}

number query_evaluator::number_of(step_id id) {
  const step& s = m_plan.steps[id];
  switch (s.kind) {
    case step_kind::number_constant:
      return s.value;
    case step_kind::number_column:
      return number_column(s, id);
    case step_kind::row_index:
      return number::integer(m_reader.row_number(), false);
    case step_kind::minus:
      return number_of(s.operands[0]).negated();
    case step_kind::function_1:
      return number::real(s.function_1(number_of(s.operands[0]).value));
    case step_kind::function_2: {
      const double first = number_of(s.operands[0]).value;
      return number::real(s.function_2(first, number_of(s.operands[1]).value));
    }
    case step_kind::length: {
      const text value = text_of(s.operands[0]);
      return value.missing ? number{} : number::integer(utf8::length(value.view), false);
    }
    case step_kind::truth_number:
      return number::integer(truth(s.operands[0]), false);
    default:
      return arithmetic_of(s);
  }
}

number query_evaluator::number_column(const step& s, step_id id) {
  const std::string_view field = m_reader.field(s.column, m_scratch[id]);
  number value;
  if (parse_number(field, value) && !(m_missing.some_are_numbers() && m_missing.contains(field))) return value;
  if (m_missing.contains(field)) return {};
  bool flag = false;
  if (parse_truth(field, flag)) return number::integer(flag, false);
  if (m_on_mismatch == mismatch::no_match) return {};
  fail_number(s, field);
}

void query_evaluator::fail_number(const step& s, std::string_view field) const {
  if (is_too_large(field))
    fail(s.column, field, "is too large a number", "the largest is about 1.8e308; correct it", {hint_kind::lenient});
  if (is_marker(field)) fail(s.column, field, "is not a number", "", {hint_kind::missing_or_text, shown(field)});
  fail(s.column, field, "is not a number",
       fmt::format(
           "the column holds text here: to compare the text, {}",
           s.text.empty() ? "compare with one in quotes" : fmt::format("put the number in quotes: '{}'", s.text)),
       {hint_kind::lenient});
}

number query_evaluator::arithmetic_of(const step& s) {
  const double a = number_of(s.operands[0]).value;
  const double b = number_of(s.operands[1]).value;
  switch (s.operation) {
    case arithmetic::add:
      return number::real(a + b);
    case arithmetic::subtract:
      return number::real(a - b);
    case arithmetic::multiply:
      return number::real(a * b);
    case arithmetic::divide:
      return number::real(a / b);
    case arithmetic::power:
      return number::real(std::pow(a, b));
    case arithmetic::floor_divide:
      return b == 0 ? divided_by_zero() : number::real(floor_divided(a, b));
    case arithmetic::modulo:
      return b == 0 ? divided_by_zero() : number::real(modulo(a, b));
  }
  return {};
}

number query_evaluator::divided_by_zero() {
  if (m_zero_divisions++ == 0) m_first_zero_division = m_reader.line();
  return {};
}

query_evaluator::text query_evaluator::text_of(step_id id) {
  const step& s = m_plan.steps[id];
  std::string& scratch = m_scratch[id];
  if (s.kind == step_kind::text_constant) return {.view = s.text};
  if (s.kind == step_kind::text_column) {
    const std::string_view field = m_reader.field(s.column, scratch);
    return {.view = field, .missing = m_missing.contains(field)};
  }
  const text value = text_of(s.operands[0]);
  if (value.missing) return value;
  if (s.kind == step_kind::strip) return {.view = utf8::strip(value.view, code_points(s.text))};
  if (s.kind == step_kind::lower) {
    scratch = utf8::lower(value.view);
  } else if (s.kind == step_kind::upper) {
    scratch = utf8::upper(value.view);
  } else {
    const text second = text_of(s.operands[1]);
    if (second.missing) return second;
    scratch.assign(value.view).append(second.view);
  }
  return {.view = scratch};
}

void query_evaluator::note_kind(step_id id, std::string_view field) {
  if (m_seen[id] == seen::text || m_missing.contains(field)) return;
  number value;
  m_seen[id] = parse_number(field, value) ? seen::numbers : seen::text;
}

void query_evaluator::finish(std::vector<std::string>& warnings) const {
  for (std::size_t i = 0; i < m_seen.size() && m_on_mismatch == mismatch::fails; ++i) {
    if (m_seen[i] != seen::numbers) continue;
    const step& s = m_plan.steps[i];
    number value;
    throw format_error(
        {.object = m_reader.name(),
         .problem = fmt::format("column {} holds only numbers but is compared with the text {}",
                                shown(m_reader.columns()[s.column]), shown(s.text)),
         .cure = fmt::format(
             "compare it with a number, without quotes{}",
             parse_number(s.text, value) && !value.missing() ? fmt::format(": {}", without_zeros(s.text)) : ""),
         .hint = {hint_kind::lenient_as_written}});
  }
  if (m_zero_divisions > 0) {
    warnings.push_back(fmt::format("{}: {} divisions by zero gave a missing value, first on line {}", m_reader.name(),
                                   m_zero_divisions, m_first_zero_division));
  }
}

void query_evaluator::fail(std::uint32_t column, std::string_view field, std::string_view problem, std::string cure,
                           hint remedy) const {
  throw format_error({.object = m_reader.name(),
                      .problem = fmt::format("line {}, column {}: {} {}", m_reader.line(), m_reader.columns()[column],
                                             shown(field), problem),
                      .cure = std::move(cure),
                      .hint = std::move(remedy)});
}

}  // namespace tequio::data
