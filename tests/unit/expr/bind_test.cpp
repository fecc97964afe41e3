// SPDX-License-Identifier: MIT
// Which plan a condition has over columns whose types are known, and over cells that may hold anything.
#include "expr/bind.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "tequio/expr/expression.hpp"

namespace {

namespace expr = tequio::expr;
using expr::column_type;
using ::testing::HasSubstr;

const expr::schema typed{.name = "runs",
                         .columns = {{"x", column_type::number},
                                     {"y", column_type::number},
                                     {"name", column_type::text},
                                     {"good", column_type::truth},
                                     {"raw", column_type::cell},
                                     {"other", column_type::cell}}};

expr::plan plan_of(const std::string& condition, const expr::schema& columns = typed) {
  return expr::bind_condition(expr::expression(condition).tree(), columns);
}

template <class Step>
const Step& root(const expr::plan& made) {
  return std::get<Step>(made[made.root]);
}

std::string refusal(const std::string& condition, const expr::schema& columns = typed) {
  try {
    static_cast<void>(plan_of(condition, columns));
  } catch (const expr::expression_error& wrong) {
    return wrong.what();
  }
  return "no error";
}

TEST(bind, comparison_of_number_columns_is_over_numbers) {
  const expr::plan made = plan_of("x + 1 <= y");
  const auto& compared = root<expr::number_comparison>(made);
  EXPECT_EQ(compared.how, expr::relation::less_equal);
  const auto& sum = std::get<expr::calculation>(made[compared.left]);
  EXPECT_EQ(sum.operation, expr::arithmetic::add);
  EXPECT_EQ(std::get<expr::number_column>(made[sum.left]).column, 0U);
  EXPECT_EQ(std::get<expr::number_column>(made[compared.right]).column, 1U);
  EXPECT_EQ(made.column_count, 2U);
}

TEST(bind, functions_are_named_by_their_enum) {
  const expr::plan made = plan_of("sqrt(x) > arctan2(y, 1)");
  const auto& compared = root<expr::number_comparison>(made);
  EXPECT_EQ(std::get<expr::unary_call>(made[compared.left]).function, expr::unary_function::sqrt);
  EXPECT_EQ(std::get<expr::binary_call>(made[compared.right]).function, expr::binary_function::arctan2);
}

TEST(bind, cells_are_what_they_are_compared_with) {
  EXPECT_TRUE(std::holds_alternative<expr::number_comparison>(plan_of("raw > 1").truths.back()));
  EXPECT_TRUE(std::holds_alternative<expr::number_comparison>(plan_of("raw == x").truths.back()));
  EXPECT_TRUE(std::holds_alternative<expr::text_comparison>(plan_of("raw == name").truths.back()));
  EXPECT_TRUE(std::holds_alternative<expr::cell_comparison>(plan_of("raw == other").truths.back()));
  EXPECT_TRUE(std::holds_alternative<expr::cell_membership>(plan_of("raw in [1, 'x']").truths.back()));
  EXPECT_TRUE(std::holds_alternative<expr::truth_column>(plan_of("raw").truths.back()));
}

TEST(bind, cells_remember_the_number_they_are_compared_with) {
  const expr::plan made = plan_of("raw > 1_0 and 0x1 == other and x > 5");
  EXPECT_EQ(std::get<expr::number_column>(made.numbers[0]).compared_with, "1_0");
  EXPECT_EQ(std::get<expr::number_column>(made.numbers[3]).compared_with, "0x1");
  EXPECT_EQ(std::get<expr::number_column>(made.numbers[4]).compared_with, "");
}

TEST(bind, kind_is_checked_only_of_cells_against_a_text_like_a_number) {
  const expr::plan made = plan_of("raw == '01' or other > 'a' or raw in ['2', '1'] or raw == 'a' or name == '01'");
  ASSERT_EQ(made.kind_checks.size(), 3U);
  EXPECT_EQ(made.kind_checks[0].column, 4U);
  EXPECT_EQ(made.kind_checks[0].text, "01");
  EXPECT_EQ(made.kind_checks[1].column, 5U);
  EXPECT_EQ(made.kind_checks[2].text, "1");
}

TEST(bind, typed_columns_are_refused_where_their_type_does_not_fit) {
  EXPECT_EQ(refusal("x"), "runs: a number is not a condition\n  x\n  ^\ncompare it: ... != 0");
  EXPECT_THAT(refusal("name"), HasSubstr("a text is not a condition"));
  EXPECT_THAT(refusal("x == 'a'"), HasSubstr("a number cannot be compared with a text"));
  EXPECT_THAT(refusal("name > 1"), HasSubstr("a number cannot be compared with a text"));
  EXPECT_THAT(refusal("sqrt(name) > 1"), HasSubstr("a text is not a number"));
  EXPECT_THAT(refusal("good + 1 > 1"), HasSubstr("a condition is not a number"));
  EXPECT_THAT(refusal("x.str.len() == 1"), HasSubstr("this is not a text"));
  EXPECT_THAT(refusal("x in ['a']"), HasSubstr("numbers are looked for among texts"));
  EXPECT_THAT(refusal("name in [1]"), HasSubstr("texts are looked for among numbers"));
  EXPECT_THAT(refusal("~x == 1"), HasSubstr("'~' turns a condition around, not a number"));
}

TEST(bind, truth_column_is_a_condition_and_compares_with_True) {
  EXPECT_TRUE(std::holds_alternative<expr::truth_column>(plan_of("good").truths.back()));
  EXPECT_TRUE(std::holds_alternative<expr::number_comparison>(plan_of("good == True").truths.back()));
}

TEST(bind, condition_that_reads_no_column_is_refused) {
  EXPECT_THAT(refusal("1 == 1"), HasSubstr("the condition names no column"));
  EXPECT_EQ(plan_of("index == 0").column_count, 0U);
}

TEST(bind, unknown_name_is_told_with_the_nearest_or_as_the_schema_says) {
  EXPECT_EQ(refusal("nam == 'a'"), "runs: there is no column 'nam'\n  nam == 'a'\n  ^\ndid you mean name?");
  expr::schema told = typed;
  told.unknown_name_cure = "arrays are named when they are given";
  told.unknown_name_hint = {tequio::hint_kind::variable, "z"};
  EXPECT_THAT(refusal("nam > 1", told),
              HasSubstr("arrays are named when they are given; give z a value in query_variables"));
}

TEST(check, every_name_is_a_column_of_cells) {
  expr::check_condition(expr::expression("a == 'x' and b > 1 and index").tree());
  EXPECT_THROW(expr::check_condition(expr::expression("a + 1").tree()), expr::expression_error);
}

}  // namespace
