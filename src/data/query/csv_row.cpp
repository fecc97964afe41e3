// SPDX-License-Identifier: MIT
#include "data/query/csv_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <compare>

#include "base/utf8.hpp"
#include "expr/wording.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace {

using expr::number;
using expr::parse_number;
using expr::shown;

// A field that is a number, as a query writes it: 7 for `007`.
std::string_view without_zeros(std::string_view text) noexcept {
  text = utf8::strip(text);
  const std::size_t significant = text.find_first_not_of('0');
  if (significant == std::string_view::npos) return "0";
  const bool fraction = text[significant] < '0' || text[significant] > '9';
  return text.substr(significant - (fraction && significant > 0 ? 1 : 0));
}

// Whether a field can stand for a missing value: *, N/D, s/d, -----; not a name, a date or a sentence.
bool is_marker(std::string_view field) noexcept {
  constexpr std::size_t longest = 4;
  const auto is_sign = [](unsigned char c) { return c > ' ' && c < 0x7F && std::isalnum(c) == 0; };
  return utf8::length(field) <= longest || std::all_of(field.begin(), field.end(), is_sign);
}

}  // namespace

csv_row::csv_row(const expr::plan& plan, const csv_reader& reader, const filter_options& options)
    : m_plan(plan),
      m_reader(reader),
      m_missing(options.missing),
      m_on_mismatch(options.on_mismatch),
      m_seen(plan.kind_checks.size(), seen::nothing) {}

bool csv_row::truth_at(const expr::truth_column& step) {
  const std::string_view field = m_reader.field(step.column, m_scratch);
  bool value = false;
  if (expr::parse_truth(field, value) || m_missing.contains(field)) return value;
  if (m_on_mismatch == mismatch::no_match) return false;
  fail(step.column, field, "is not True or False, as a condition needs", "compare the column: ... == 0");
}

number csv_row::number_at(const expr::number_column& step) {
  const std::string_view field = m_reader.field(step.column, m_scratch);
  number value;
  if (parse_number(field, value) && !(m_missing.some_are_numbers() && m_missing.contains(field))) return value;
  if (m_missing.contains(field)) return {};
  bool flag = false;
  if (expr::parse_truth(field, flag)) return number::integer(flag, false);
  if (m_on_mismatch == mismatch::no_match) return {};
  fail_number(step, field);
}

expr::text_value csv_row::text_at(const expr::text_column& step, std::string& scratch) {
  const std::string_view field = m_reader.field(step.column, scratch);
  if (step.kind_check) note_kind(m_seen[*step.kind_check], field);
  return {.view = field, .missing = m_missing.contains(field)};
}

bool csv_row::compare(const expr::cell_comparison& step) {
  const std::string_view left = m_reader.field(step.left, m_scratch);
  const std::string_view right = m_reader.field(step.right, m_other_scratch);
  if (m_missing.contains(left) || m_missing.contains(right)) return step.how == expr::relation::unequal;
  number a;
  number b;
  const bool left_is_number = parse_number(left, a);
  const bool right_is_number = parse_number(right, b);
  if (left_is_number && right_is_number) return expr::holds(step.how, expr::compare(a, b));
  const bool equality = step.how == expr::relation::equal || step.how == expr::relation::unequal;
  if (left_is_number == right_is_number || equality) return expr::holds(step.how, left <=> right);
  if (m_on_mismatch == mismatch::no_match) return false;
  const std::string_view odd = left_is_number ? right : left;
  fail(left_is_number ? step.right : step.left, odd, "is not a number, as the column it is compared with",
       is_marker(odd) ? "" : "compare columns that both hold numbers",
       is_marker(odd) ? hint{hint_kind::missing, shown(odd)} : hint{hint_kind::lenient});
}

void csv_row::note_zero_division() {
  if (m_zero_divisions++ == 0) m_first_zero_division = m_reader.line();
}

void csv_row::note_kind(seen& kind, std::string_view field) const {
  if (kind == seen::text || m_missing.contains(field)) return;
  number value;
  kind = parse_number(field, value) ? seen::numbers : seen::text;
}

void csv_row::finish(std::vector<std::string>& warnings) const {
  for (std::size_t i = 0; i < m_seen.size() && m_on_mismatch == mismatch::fails; ++i) {
    if (m_seen[i] != seen::numbers) continue;
    const auto& [column, text] = m_plan.kind_checks[i];
    number value;
    const bool is_number = parse_number(text, value) && !value.missing();
    throw format_error({.object = m_reader.name(),
                        .problem = fmt::format("column {} holds only numbers but is compared with the text {}",
                                               shown(m_reader.columns()[column]), shown(text)),
                        .cure = fmt::format("compare it with a number, without quotes{}",
                                            is_number ? fmt::format(": {}", without_zeros(text)) : ""),
                        .hint = {hint_kind::lenient_as_written}});
  }
  if (m_zero_divisions > 0) {
    warnings.push_back(fmt::format("{}: {} divisions by zero gave a missing value, first on line {}", m_reader.name(),
                                   m_zero_divisions, m_first_zero_division));
  }
}

void csv_row::fail_number(const expr::number_column& step, std::string_view field) const {
  if (expr::is_too_large(field))
    fail(step.column, field, "is too large a number", "the largest is about 1.8e308; correct it", {hint_kind::lenient});
  if (is_marker(field)) fail(step.column, field, "is not a number", "", {hint_kind::missing_or_text, shown(field)});
  fail(step.column, field, "is not a number",
       fmt::format("the column holds text here: to compare the text, {}",
                   step.compared_with.empty() ? "compare with one in quotes"
                                              : fmt::format("put the number in quotes: '{}'", step.compared_with)),
       {hint_kind::lenient});
}

void csv_row::fail(std::uint32_t column, std::string_view field, std::string_view problem, std::string cure,
                   hint remedy) const {
  throw format_error({.object = m_reader.name(),
                      .problem = fmt::format("line {}, column {}: {} {}", m_reader.line(), m_reader.columns()[column],
                                             shown(field), problem),
                      .cure = std::move(cure),
                      .hint = std::move(remedy)});
}

}  // namespace tequio::data
