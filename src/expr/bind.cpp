// SPDX-License-Identifier: MIT
#include "expr/bind.hpp"

#include <utility>

#include "expr/binder.hpp"

namespace tequio::expr {
namespace {

template <class Id, class Step>
Id append(std::vector<Step>& steps, Step made) {
  steps.push_back(std::move(made));
  return static_cast<Id>(steps.size() - 1);
}

}  // namespace

binder::binder(const tree& expression, const schema* columns) : m_tree(expression), m_schema(columns) {
  if (!columns) return;
  for (std::uint32_t i = 0; i < columns->columns.size(); ++i) m_column_of.emplace(columns->columns[i].name, i);
}

plan binder::condition() {
  m_plan.root = truth(m_tree.root);
  if (!m_reads_the_table)
    fail(at(m_tree.root), "the condition names no column", "its answer would be the same for every row");
  return std::move(m_plan);
}

truth_id binder::truth(node_id id) {
  const node& n = at(id);
  const auto all_operands = [&] {
    std::vector<truth_id> operands;
    for (const node_id operand : n.operands) operands.push_back(truth(operand));
    return operands;
  };
  switch (n.kind) {
    case node_kind::all:
      return add(all_of{all_operands()});
    case node_kind::any:
      return add(any_of{all_operands()});
    case node_kind::negate:
      if (type_of(n.operands[0]) == value_type::number && n.text == "~") {
        fail(n, "'~' turns a condition around, not a number",
             "put the condition in parentheses: ~(A == 0), or use not");
      }
      return add(negation{truth(n.operands[0])});
    case node_kind::boolean:
      return add(truth_constant{n.value.value != 0});
    case node_kind::compare:
      return compare(n.how, n.operands[0], n.operands[1], n);
    case node_kind::membership:
      return membership(n.operands[0], n.operands[1], n.negated);
    case node_kind::method:
      if (type_of(id) != value_type::truth) fail_condition(id);
      return truth_method(n);
    case node_kind::name:
      if (const value_type type = type_of(id); type != value_type::cell && type != value_type::truth)
        fail_condition(id);
      return add(truth_column{read_column(n)});
    case node_kind::number:
    case node_kind::text:
    case node_kind::none:
    case node_kind::list:
    case node_kind::minus:
    case node_kind::plus:
    case node_kind::arithmetic:
    case node_kind::call:
    case node_kind::attribute:
      break;
  }
  fail_condition(id);
}

void binder::fail_condition(node_id id) const {
  const node& n = at(id);
  switch (type_of(id)) {
    case value_type::text:
      if (n.kind == node_kind::arithmetic) fail_sum(n);
      fail(n, "a text is not a condition", "compare it: ... == 'text'");
    case value_type::list:
      fail(n, "a list is not a condition", "compare with it: COLUMN in [...]");
    case value_type::none:
      fail(n, "None is not a condition", "use COLUMN.isna()");
    case value_type::cell:
    case value_type::number:
    case value_type::truth:
      break;
  }
  fail(n, "a number is not a condition", "compare it: ... != 0");
}

value_type binder::type_of(node_id id) const {
  const node& n = at(id);
  switch (n.kind) {
    case node_kind::name:
      return type_of_name(n);
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
      if (n.operation != arithmetic::add) return value_type::number;
      const bool text = type_of(n.operands[0]) == value_type::text || type_of(n.operands[1]) == value_type::text;
      return text ? value_type::text : value_type::number;
    }
    case node_kind::method:
      return type_of_method(n);
    case node_kind::boolean:
    case node_kind::all:
    case node_kind::any:
    case node_kind::negate:
    case node_kind::compare:
    case node_kind::membership:
    case node_kind::attribute:
      break;
  }
  return value_type::truth;
}

value_type binder::type_of_method(const node& method) const {
  if (!text_accessor(method)) return value_type::truth;
  if (method.text == "len") return value_type::number;
  const bool text = method.text == "lower" || method.text == "upper" || method.text == "strip";
  return text ? value_type::text : value_type::truth;
}

number_id binder::number_of(node_id id) {
  const node& n = at(id);
  switch (n.kind) {
    case node_kind::number:
    case node_kind::boolean:
      return add(number_constant{n.value});
    case node_kind::name:
      return number_named(n);
    case node_kind::minus:
      return add(negative{number_of(n.operands[0])});
    case node_kind::plus:
      return number_of(n.operands[0]);
    case node_kind::arithmetic: {
      const number_id left = number_of(n.operands[0]);
      return add(calculation{n.operation, left, number_of(n.operands[1])});
    }
    case node_kind::call:
      return number_call(n);
    case node_kind::method:
      if (type_of(id) != value_type::number) fail_number(id);
      return add(text_length{text_of(text_accessor(n)->operands[0])});
    case node_kind::text:
    case node_kind::none:
    case node_kind::list:
    case node_kind::all:
    case node_kind::any:
    case node_kind::negate:
    case node_kind::compare:
    case node_kind::membership:
    case node_kind::attribute:
      break;
  }
  fail_number(id);
}

void binder::fail_number(node_id id) const {
  const node& n = at(id);
  switch (type_of(id)) {
    case value_type::truth:
      fail(n, "a condition is not a number", "join conditions with and, or; in parentheses where they meet arithmetic");
    case value_type::list:
      fail(n, "a list is not a number", "use it after in or ==");
    case value_type::none:
      fail(n, "None is not a number", "use .isna() or .notna()");
    case value_type::cell:
    case value_type::number:
    case value_type::text:
      break;
  }
  fail(n, "a text is not a number", "remove the quotes if it is a number, use backticks if it is a column");
}

text_id binder::text_of(node_id id) {
  const node& n = at(id);
  const value_type type = type_of(id);
  if (n.kind == node_kind::text) return add(text_constant{n.text});
  if (n.kind == node_kind::name && (type == value_type::cell || type == value_type::text))
    return add(text_column{.column = read_column(n)});
  if (n.kind == node_kind::arithmetic && type == value_type::text) {
    if (type_of(n.operands[0]) == value_type::number || type_of(n.operands[1]) == value_type::number) fail_sum(n);
    const text_id left = text_of(n.operands[0]);
    return add(concatenation{left, text_of(n.operands[1])});
  }
  if (n.kind == node_kind::method && type == value_type::text) return text_method(n);
  fail(n, "this is not a text", "put a text in quotes; .str works on columns and texts");
}

void binder::fail_sum(const node& sum) const {
  fail(sum, "a text cannot be added to a number, nor calculated with",
       "remove the quotes to calculate; texts are joined only to be compared: COLUMN + '!' == 'text!'");
}

truth_id binder::add(truth_step made) { return append<truth_id>(m_plan.truths, std::move(made)); }
number_id binder::add(number_step made) { return append<number_id>(m_plan.numbers, std::move(made)); }
text_id binder::add(text_step made) { return append<text_id>(m_plan.texts, std::move(made)); }

void binder::fail(const node& where, std::string problem, std::string cure, hint remedy) const {
  throw expression_error({.object = m_schema ? m_schema->name : m_tree.noun,
                          .problem = std::move(problem),
                          .cure = std::move(cure),
                          .hint = std::move(remedy)},
                         m_tree.text, where.position);
}

plan bind_condition(const tree& condition, const schema& columns) { return binder(condition, &columns).condition(); }

void check_condition(const tree& condition) { static_cast<void>(binder(condition, nullptr).condition()); }

}  // namespace tequio::expr
