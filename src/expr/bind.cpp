// SPDX-License-Identifier: MIT
#include "expr/binder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tequio::data {
namespace {

relation relation_of(std::string_view sign) {
  if (sign == "==") return relation::equal;
  if (sign == "!=") return relation::unequal;
  if (sign == "<") return relation::less;
  if (sign == "<=") return relation::less_equal;
  return sign == ">" ? relation::greater : relation::greater_equal;
}

arithmetic operation_of(std::string_view sign) {
  if (sign == "+") return arithmetic::add;
  if (sign == "-") return arithmetic::subtract;
  if (sign == "*") return arithmetic::multiply;
  if (sign == "/") return arithmetic::divide;
  if (sign == "//") return arithmetic::floor_divide;
  return sign == "%" ? arithmetic::modulo : arithmetic::power;
}

bool looks_numeric(std::string_view text) {
  number value;
  return parse_number(text, value) && !value.missing();
}

}  // namespace

query_binder::query_binder(const query_tree& tree, const std::vector<std::string>* columns, std::string source)
    : m_tree(tree), m_columns(columns), m_source(std::move(source)) {
  if (!columns) return;
  for (std::uint32_t i = 0; i < columns->size(); ++i) m_column_of.emplace((*columns)[i], i);
}

query_plan query_binder::run() {
  m_plan.root = truth(m_tree.root);
  if (!m_reads_the_table)
    fail(at(m_tree.root), "the condition names no column", "its answer would be the same for every row");
  return std::move(m_plan);
}

step_id query_binder::truth(node_id id) {
  const node& n = at(id);
  switch (n.kind) {
    case node_kind::all:
    case node_kind::any: {
      step made{.kind = n.kind == node_kind::all ? step_kind::all : step_kind::any};
      for (const node_id operand : n.operands) made.operands.push_back(truth(operand));
      return add(std::move(made));
    }
    case node_kind::negate:
      if (type_of(n.operands[0]) == value_type::number && n.text == "~") {
        fail(n, "'~' turns a condition around, not a number",
             "put the condition in parentheses: ~(A == 0), or use not");
      }
      return add({.kind = step_kind::negate, .operands = {truth(n.operands[0])}});
    case node_kind::boolean:
      return add({.kind = step_kind::truth_constant, .constant = n.value.value != 0});
    case node_kind::compare:
      return compare(n);
    case node_kind::membership:
      return membership(n.operands[0], n.operands[1], n.text == "not in");
    case node_kind::method:
      if (type_of(id) == value_type::truth) return truth_method(n);
      break;
    case node_kind::name:
      if (resolve(n) == named::column) return column_step(step_kind::truth_column, n);
      break;
    default:
      break;
  }
  if (type_of(id) == value_type::text && n.kind == node_kind::arithmetic) fail_sum(n);
  if (type_of(id) == value_type::text) fail(n, "a text is not a condition", "compare it: ... == 'text'");
  if (type_of(id) == value_type::list) fail(n, "a list is not a condition", "compare with it: COLUMN in [...]");
  if (type_of(id) == value_type::none) fail(n, "None is not a condition", "use COLUMN.isna()");
  fail(n, "a number is not a condition", "compare it: ... != 0");
}

value_type query_binder::type_of(node_id id) const {
  const node& n = at(id);
  switch (n.kind) {
    case node_kind::name:
      return resolve(n) == named::column ? value_type::field : value_type::number;
    case node_kind::text:
      return value_type::text;
    case node_kind::none:
      return value_type::none;
    case node_kind::list:
      return value_type::list;
    case node_kind::number:
    case node_kind::minus:
    case node_kind::plus:
    case node_kind::call:
      return value_type::number;
    case node_kind::arithmetic: {
      if (n.text != "+") return value_type::number;
      const bool text = type_of(n.operands[0]) == value_type::text || type_of(n.operands[1]) == value_type::text;
      return text ? value_type::text : value_type::number;
    }
    case node_kind::method:
      if (text_accessor(n)) {
        if (n.text == "len") return value_type::number;
        if (n.text == "lower" || n.text == "upper" || n.text == "strip") return value_type::text;
      }
      return value_type::truth;
    default:
      return value_type::truth;
  }
}

step_id query_binder::number_of(node_id id) {
  const node& n = at(id);
  switch (n.kind) {
    case node_kind::number:
    case node_kind::boolean:
      return add({.kind = step_kind::number_constant, .value = n.value});
    case node_kind::name:
      switch (resolve(n)) {
        case named::column:
          return column_step(step_kind::number_column, n);
        case named::index:
          m_reads_the_table = true;
          return add({.kind = step_kind::row_index});
        case named::infinity:
          return add(
              {.kind = step_kind::number_constant, .value = number::real(std::numeric_limits<double>::infinity())});
        case named::nan:
        case named::nothing:
          return add({.kind = step_kind::number_constant});
      }
      break;
    case node_kind::minus:
      return add({.kind = step_kind::minus, .operands = {number_of(n.operands[0])}});
    case node_kind::plus:
      return number_of(n.operands[0]);
    case node_kind::arithmetic: {
      const step_id left = number_of(n.operands[0]);
      return add({.kind = step_kind::arithmetic,
                  .operands = {left, number_of(n.operands[1])},
                  .operation = operation_of(n.text)});
    }
    case node_kind::call:
      return number_call(n);
    case node_kind::method:
      if (type_of(id) == value_type::number)
        return add({.kind = step_kind::length, .operands = {text_of(text_accessor(n)->operands[0])}});
      break;
    default:
      break;
  }
  switch (type_of(id)) {
    case value_type::truth:
      fail(n, "a condition is not a number", "join conditions with and, or; in parentheses where they meet arithmetic");
    case value_type::list:
      fail(n, "a list is not a number", "use it after in or ==");
    case value_type::none:
      fail(n, "None is not a number", "use .isna() or .notna()");
    default:
      fail(n, "a text is not a number", "remove the quotes if it is a number, use backticks if it is a column");
  }
}

step_id query_binder::text_of(node_id id) {
  const node& n = at(id);
  if (n.kind == node_kind::text) return add({.kind = step_kind::text_constant, .text = n.text});
  if (n.kind == node_kind::name && resolve(n) == named::column) return column_step(step_kind::text_column, n);
  if (n.kind == node_kind::arithmetic && type_of(id) == value_type::text) {
    if (type_of(n.operands[0]) == value_type::number || type_of(n.operands[1]) == value_type::number) fail_sum(n);
    const step_id left = text_of(n.operands[0]);
    return add({.kind = step_kind::concatenate, .operands = {left, text_of(n.operands[1])}});
  }
  if (n.kind == node_kind::method && type_of(id) == value_type::text) return text_method(n);
  fail(n, "this is not a text", "put a text in quotes; .str works on columns and texts");
}

step_id query_binder::compare(const node& where) {
  return compare(relation_of(where.text), where.operands[0], where.operands[1], where);
}

step_id query_binder::compare(relation how, node_id left, node_id right, const node& where) {
  const value_type a = type_of(left);
  if (at(right).kind == node_kind::name && is_unknown(at(right).text))
    fail_unknown(at(right), fmt::format("text goes in quotes: {}", shown(at(right).text)));
  const value_type b = type_of(right);
  const bool equality = how == relation::equal || how == relation::unequal;
  if (a == value_type::none || b == value_type::none) fail(where, "nothing equals None", "use .isna() or .notna()");
  if (a == value_type::list || b == value_type::list) {
    if (!equality) fail(where, "a list has no order", "use in, or compare with one value");
    if (a == b) fail(where, "both sides are lists", "compare a column with a list");
    return b == value_type::list ? membership(left, right, how == relation::unequal)
                                 : membership(right, left, how == relation::unequal);
  }
  if (a == value_type::field && b == value_type::field) {
    const step_id first = text_of(left);
    return add({.kind = step_kind::compare_columns, .operands = {first, text_of(right)}, .how = how});
  }
  if (a == value_type::text || b == value_type::text) {
    const node& text = at(a == value_type::text ? left : right);
    const node& other = at(a == value_type::text ? right : left);
    const value_type type = a == value_type::text ? b : a;
    if (type == value_type::number && text.kind == node_kind::arithmetic) fail_sum(text);
    if (type == value_type::number)
      fail(where, "a number cannot be compared with a text", "remove the quotes, or compare a column");
    if (type == value_type::truth)
      fail(where, "a condition cannot be compared with a text", "write True or False without quotes");
    const bool notes_kind =
        type == value_type::field && text.kind == node_kind::text && (!equality || looks_numeric(text.text));
    const step_id first = text_of(left);
    step made{
        .kind = step_kind::compare_texts, .operands = {first, text_of(right)}, .how = how, .notes_kind = notes_kind};
    if (notes_kind) {
      made.column = column_of(other);
      made.text = text.text;
    }
    return add(std::move(made));
  }
  const auto operand = [&](node_id id) {
    if (type_of(id) != value_type::truth || at(id).kind == node_kind::boolean) return number_of(id);
    return add({.kind = step_kind::truth_number, .operands = {truth(id)}});
  };
  const step_id first = operand(left);
  const step_id second = operand(right);
  if (at(right).kind == node_kind::number && a == value_type::field) m_plan.steps[first].text = at(right).text;
  if (at(left).kind == node_kind::number && b == value_type::field) m_plan.steps[second].text = at(left).text;
  return add({.kind = step_kind::compare_numbers, .operands = {first, second}, .how = how});
}

step_id query_binder::membership(node_id subject, node_id list, bool negated) {
  const value_type type = type_of(subject);
  if (type_of(list) != value_type::list) {
    if (type_of(list) == value_type::text)
      fail(at(list), "in looks into a list", "for a part of a text use COLUMN.str.contains('...'), for one value ==");
    fail(at(list), "in looks into a list", "write the values in brackets: COLUMN in [1, 2]");
  }
  if (type == value_type::list || type == value_type::none)
    fail(at(subject), "only a column or a value can be in a list", "write COLUMN in [...]");
  step made{.list = constants(at(list))};
  value_list& values = made.list;
  if (type == value_type::truth)
    fail(at(subject), "a condition cannot be in a list", "use the condition itself, or not (...)");
  if (type == value_type::number && !values.texts.empty())
    fail(at(list), "numbers are looked for among texts", "remove the quotes in the list");
  if (type == value_type::text && !values.numbers.empty())
    fail(at(list), "texts are looked for among numbers", "put the values of the list in quotes");
  if (type == value_type::number || (type == value_type::field && values.texts.empty() && !values.numbers.empty())) {
    made.kind = step_kind::number_in;
    made.operands = {number_of(subject)};
  } else {
    made.kind = values.numbers.empty() ? step_kind::text_in : step_kind::field_in;
    made.operands = {text_of(subject)};
    made.notes_kind = made.kind == step_kind::text_in && type == value_type::field && !values.texts.empty() &&
                      std::all_of(values.texts.begin(), values.texts.end(), looks_numeric);
    if (made.notes_kind) {
      made.column = column_of(at(subject));
      made.text = values.texts.front();
    }
  }
  return negated_if(negated, add(std::move(made)));
}

value_list query_binder::constants(const node& list) const {
  value_list values;
  for (const node_id id : list.operands) {
    const node& n = at(id);
    if (n.kind == node_kind::none) {
      values.missing = true;
    } else if (n.kind == node_kind::text) {
      values.texts.push_back(n.text);
    } else if (const std::optional<number> value = constant(n)) {
      if (value->missing()) {
        values.missing = true;
      } else {
        values.numbers.push_back(*value);
      }
    } else {
      fail(n, "a list holds values only, no columns or expressions", "compare with each column: A == B or A == C");
    }
  }
  std::sort(values.numbers.begin(), values.numbers.end(),
            [](const number& a, const number& b) { return a.value < b.value; });
  std::sort(values.texts.begin(), values.texts.end());
  return values;
}

// A number with or without a sign, True, False, inf, nan.
std::optional<number> query_binder::constant(const node& n) const {
  if (n.kind == node_kind::number || n.kind == node_kind::boolean) return n.value;
  if (n.kind == node_kind::plus) return constant(at(n.operands[0]));
  if (n.kind == node_kind::minus) {
    const std::optional<number> value = constant(at(n.operands[0]));
    return value ? std::optional(value->negated()) : std::nullopt;
  }
  if (n.kind != node_kind::name || m_column_of.contains(n.text)) return std::nullopt;
  if (predefined(n.text) == named::nan) return number{};
  if (predefined(n.text) == named::infinity) return number::real(std::numeric_limits<double>::infinity());
  return std::nullopt;
}

query_binder::named query_binder::predefined(std::string_view name) {
  if (name == "index" || name == "ilevel_0") return named::index;
  if (name == "inf" || name == "Inf") return named::infinity;
  if (name == "nan" || name == "NaN") return named::nan;
  return named::nothing;
}

query_binder::named query_binder::resolve(const node& name) const {
  if (!m_columns || m_column_of.contains(name.text)) return named::column;
  const named meaning = predefined(name.text);
  if (meaning == named::nothing) fail_unknown(name, {});
  return meaning;
}

bool query_binder::is_unknown(const std::string& name) const {
  return m_columns && !m_column_of.contains(name) && predefined(name) == named::nothing;
}

std::uint32_t query_binder::column_of(const node& name) const { return m_columns ? m_column_of.at(name.text) : 0; }

step_id query_binder::column_step(step_kind kind, const node& name) {
  m_reads_the_table = true;
  const std::uint32_t column = column_of(name);
  m_plan.located_columns = std::max<std::size_t>(m_plan.located_columns, column + 1);
  return add({.kind = kind, .column = column});
}

step_id query_binder::add(step made) {
  m_plan.steps.push_back(std::move(made));
  return static_cast<step_id>(m_plan.steps.size() - 1);
}

step_id query_binder::negated_if(bool negated, step_id condition) {
  return negated ? add({.kind = step_kind::negate, .operands = {condition}}) : condition;
}

void query_binder::fail(const node& where, std::string problem, std::string cure, hint remedy) const {
  throw query_error(
      {.object = m_source, .problem = std::move(problem), .cure = std::move(cure), .hint = std::move(remedy)},
      m_tree.expression, where.position);
}

void query_binder::fail_sum(const node& sum) const {
  fail(sum, "a text cannot be added to a number, nor calculated with",
       "remove the quotes to calculate; texts are joined only to be compared: COLUMN + '!' == 'text!'");
}

void query_binder::fail_unknown(const node& name, const std::string& other_meaning) const {
  const std::vector<std::string>& columns = *m_columns;
  const std::vector<std::string> near = nearest_names(name.text, columns);
  const std::size_t first = std::min<std::size_t>(columns.size(), 8);
  const auto listed = [](auto begin, auto end) { return fmt::format("{}", fmt::join(begin, end, ", ")); };
  const std::size_t delimiter = columns.size() == 1 ? columns.front().find_first_of(";\t") : std::string::npos;
  std::string cure;
  hint remedy;
  if (delimiter != std::string::npos) {
    cure = fmt::format("its header is one field, {}", shown(columns.front()));
    remedy = {hint_kind::delimiter, columns.front().substr(delimiter, 1)};
  } else if (!near.empty()) {
    cure = fmt::format("did you mean {}?", listed(near.begin(), near.end()));
  } else {
    cure = fmt::format("it has {} column{}: {}{}", columns.size(), columns.size() == 1 ? "" : "s",
                       listed(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(first)),
                       first < columns.size() ? ", ..." : "");
  }
  fail(name, fmt::format("there is no column {}", shown(name.text)),
       other_meaning.empty() ? cure : fmt::format("{}{} {}", cure, cure.ends_with('?') ? "" : ";", other_meaning),
       std::move(remedy));
}

query_plan bind_query(const query_tree& tree, const std::vector<std::string>& columns, const std::string& source) {
  return query_binder(tree, &columns, source).run();
}

void check_query(const query_tree& tree) { static_cast<void>(query_binder(tree, nullptr, "query").run()); }

}  // namespace tequio::data
