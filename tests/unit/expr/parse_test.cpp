// SPDX-License-Identifier: MIT
// Which tree an expression is: what binds how tightly, and what a variable becomes.
#include <gtest/gtest.h>

#include <string>

#include "expr/tree.hpp"
#include "tequio/expr/expression.hpp"

namespace {

using tequio::expr::arithmetic;
using tequio::expr::expression;
using tequio::expr::node;
using tequio::expr::node_id;
using tequio::expr::node_kind;
using tequio::expr::relation;
using tequio::expr::tree;
using tequio::expr::variables;

std::string name_of(relation how) {
  constexpr const char* names[] = {"==", "!=", "<", "<=", ">", ">="};
  return names[static_cast<int>(how)];
}

std::string name_of(arithmetic operation) {
  constexpr const char* names[] = {"+", "-", "*", "/", "//", "%", "**"};
  return names[static_cast<int>(operation)];
}

std::string head(const node& n) {
  switch (n.kind) {
    case node_kind::name:
    case node_kind::number:
    case node_kind::boolean:
      return n.text;
    case node_kind::text:
      return "'" + n.text + "'";
    case node_kind::none:
      return "None";
    case node_kind::list:
      return "list";
    case node_kind::all:
      return "and";
    case node_kind::any:
      return "or";
    case node_kind::negate:
      return n.text;
    case node_kind::minus:
      return "minus";
    case node_kind::plus:
      return "plus";
    case node_kind::arithmetic:
      return name_of(n.operation);
    case node_kind::compare:
      return name_of(n.how);
    case node_kind::membership:
      return n.negated ? "not-in" : "in";
    case node_kind::call:
    case node_kind::attribute:
    case node_kind::method:
      return "." + n.text;
  }
  return "?";
}

// The tree in prefix form: (and (== a 1) b).
std::string shape(const tree& parsed, node_id id) {
  const node& n = parsed.nodes[id];
  if (n.operands.empty()) return head(n);
  std::string text = "(" + head(n);
  for (const node_id operand : n.operands) text += " " + shape(parsed, operand);
  return text + ")";
}

std::string shape(const std::string& text, const variables& values = {}) {
  const expression parsed(text, values);
  return shape(parsed.tree(), parsed.tree().root);
}

TEST(parse, and_binds_tighter_than_or_and_not_tighter_than_and) {
  EXPECT_EQ(shape("not a or b and c"), "(or (not a) (and b c))");
  EXPECT_EQ(shape("a == 0 & b == 0 | c"), "(or (and (== a 0) (== b 0)) c)");
  EXPECT_EQ(shape("not a == 0"), "(not (== a 0))");
}

TEST(parse, tilde_binds_tighter_than_comparisons) { EXPECT_EQ(shape("~a == 0"), "(== (~ a) 0)"); }

TEST(parse, arithmetic_binds_as_in_python) {
  EXPECT_EQ(shape("a + b * c ** -d"), "(+ a (* b (** c (minus d))))");
  EXPECT_EQ(shape("-2 ** 2"), "(minus (** 2 2))");
  EXPECT_EQ(shape("a - b - c // d % e"), "(- (- a b) (% (// c d) e))");
  EXPECT_EQ(shape("2 ** 3 ** 4"), "(** 2 (** 3 4))");
}

TEST(parse, chain_is_a_conjunction_of_comparisons) {
  EXPECT_EQ(shape("0 < a <= 1"), "(and (< 0 a) (<= a 1))");
  EXPECT_EQ(shape("a in [1] != b"), "(and (in a (list 1)) (!= (list 1) b))");
  EXPECT_EQ(shape("a not in (1, 'x')"), "(not-in a (list 1 'x'))");
}

TEST(parse, calls_attributes_and_lists) {
  EXPECT_EQ(shape("sqrt(a) > arctan2(b, 1)"), "(> (.sqrt a) (.arctan2 b 1))");
  EXPECT_EQ(shape("a.str.lower() == 'x' 'y'"), "(== (.lower (.str a)) 'xy')");
  EXPECT_EQ(shape("a == (1,)"), "(== a (list 1))");
  EXPECT_EQ(shape("a == (1)"), "(== a 1)");
}

TEST(parse, variable_is_the_value_it_spells_else_a_text) {
  EXPECT_EQ(shape("a == @x", {{"x", "-2"}}), "(== a (minus 2))");
  EXPECT_EQ(shape("a in @x", {{"x", "[1, None]"}}), "(in a (list 1 None))");
  EXPECT_EQ(shape("a == @x", {{"x", "b == 1"}}), "(== a 'b == 1')");
}

TEST(parse, expression_keeps_its_text_and_variables) {
  const expression parsed("a == @x", {{"x", "1"}});
  EXPECT_EQ(parsed.text(), "a == @x");
  EXPECT_EQ(parsed.variables(), (variables{{"x", "1"}}));
}

TEST(parse, errors_name_the_expression_by_its_noun) {
  try {
    const expression wrong("a = 1", {}, "formula");
    FAIL() << "no error";
  } catch (const tequio::expr::expression_error& wrong) {
    EXPECT_STREQ(wrong.what(), "formula: '=' is not a comparison\n  a = 1\n    ^\nuse == to compare");
  }
}

}  // namespace
