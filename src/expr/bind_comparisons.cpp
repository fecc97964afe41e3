// SPDX-License-Identifier: MIT
// Comparisons and membership in a list: each decides by the types of its sides whether it is over numbers or texts.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "expr/binder.hpp"
#include "expr/wording.hpp"

namespace tequio::expr {
namespace {

bool is_equality(relation how) { return how == relation::equal || how == relation::unequal; }

bool looks_numeric(std::string_view text) {
  number value;
  return parse_number(text, value) && !value.missing();
}

}  // namespace

truth_id binder::compare(relation how, node_id left, node_id right, const node& where) {
  const value_type a = type_of(left);
  if (at(right).kind == node_kind::name && is_unknown(at(right).text))
    fail_unknown(at(right), fmt::format("text goes in quotes: {}", shown(at(right).text)));
  const value_type b = type_of(right);
  if (a == value_type::none || b == value_type::none) fail(where, "nothing equals None", "use .isna() or .notna()");
  if (a == value_type::list || b == value_type::list) return compare_with_list(how, left, right, where);
  if (a == value_type::cell && b == value_type::cell) {
    const std::uint32_t first = read_column(at(left));
    return add(cell_comparison{how, first, read_column(at(right))});
  }
  if (a == value_type::text || b == value_type::text) return compare_texts(how, left, right, where);
  return compare_numbers(how, left, right);
}

truth_id binder::compare_with_list(relation how, node_id left, node_id right, const node& where) {
  if (!is_equality(how)) fail(where, "a list has no order", "use in, or compare with one value");
  const bool list_on_the_right = type_of(right) == value_type::list;
  if (list_on_the_right && type_of(left) == value_type::list)
    fail(where, "both sides are lists", "compare a column with a list");
  const bool negated = how == relation::unequal;
  return list_on_the_right ? membership(left, right, negated) : membership(right, left, negated);
}

truth_id binder::compare_texts(relation how, node_id left, node_id right, const node& where) {
  const bool text_on_the_left = type_of(left) == value_type::text;
  const node& text = at(text_on_the_left ? left : right);
  const node_id other = text_on_the_left ? right : left;
  const value_type type = type_of(other);
  if (type == value_type::number && text.kind == node_kind::arithmetic) fail_sum(text);
  if (type == value_type::number)
    fail(where, "a number cannot be compared with a text", "remove the quotes, or compare a column");
  if (type == value_type::truth)
    fail(where, "a condition cannot be compared with a text", "write True or False without quotes");
  const bool needs_check =
      type == value_type::cell && text.kind == node_kind::text && (!is_equality(how) || looks_numeric(text.text));
  const auto side = [&](node_id id) {
    return needs_check && id == other ? checked_column(at(id), text.text) : text_of(id);
  };
  const text_id first = side(left);
  return add(text_comparison{how, first, side(right)});
}

truth_id binder::compare_numbers(relation how, node_id left, node_id right) {
  const number_id first = compared_number(left, right);
  return add(number_comparison{how, first, compared_number(right, left)});
}

number_id binder::compared_number(node_id id, node_id other) {
  const value_type type = type_of(id);
  if (type == value_type::truth && at(id).kind != node_kind::boolean) return add(truth_number{truth(id)});
  if (type != value_type::cell) return number_of(id);
  const std::uint32_t column = read_column(at(id));
  return add(number_column{column, at(other).kind == node_kind::number ? at(other).text : ""});
}

truth_id binder::membership(node_id subject, node_id list, bool negated) {
  const value_type type = type_of(subject);
  if (type_of(list) != value_type::list) {
    if (type_of(list) == value_type::text)
      fail(at(list), "in looks into a list", "for a part of a text use COLUMN.str.contains('...'), for one value ==");
    fail(at(list), "in looks into a list", "write the values in brackets: COLUMN in [1, 2]");
  }
  if (type == value_type::list || type == value_type::none)
    fail(at(subject), "only a column or a value can be in a list", "write COLUMN in [...]");
  value_list values = constants(at(list));
  check_membership(subject, list, values);
  const bool only_numbers = values.texts.empty() && !values.numbers.empty();
  if (type == value_type::number || (type == value_type::cell && only_numbers)) {
    const number_id number = number_of(subject);
    return negated_if(negated, add(number_membership{number, std::move(values)}));
  }
  if (!values.numbers.empty()) {
    const text_id cell = text_of(subject);
    return negated_if(negated, add(cell_membership{cell, std::move(values)}));
  }
  const bool needs_check = type == value_type::cell && !values.texts.empty() &&
                           std::all_of(values.texts.begin(), values.texts.end(), looks_numeric);
  const text_id text = needs_check ? checked_column(at(subject), values.texts.front()) : text_of(subject);
  return negated_if(negated, add(text_membership{text, std::move(values)}));
}

void binder::check_membership(node_id subject, node_id list, const value_list& values) const {
  const value_type type = type_of(subject);
  if (type == value_type::truth)
    fail(at(subject), "a condition cannot be in a list", "use the condition itself, or not (...)");
  if (type == value_type::number && !values.texts.empty())
    fail(at(list), "numbers are looked for among texts", "remove the quotes in the list");
  if (type == value_type::text && !values.numbers.empty())
    fail(at(list), "texts are looked for among numbers", "put the values of the list in quotes");
}

value_list binder::constants(const node& list) const {
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
std::optional<number> binder::constant(const node& n) const {
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

}  // namespace tequio::expr
