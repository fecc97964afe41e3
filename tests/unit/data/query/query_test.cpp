// SPDX-License-Identifier: MIT
// What an expression means, and what is said of a wrong one.
#include "tequio/data/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files/text_input.hpp"
#include "tequio/data/filter.hpp"
#include "tequio/data/format_error.hpp"

namespace {

using tequio::data::filter_options;
using tequio::data::query;
using tequio::data::query_variables;
using tequio::test::text_input;
using ::testing::HasSubstr;

const std::string table =
    "id,n,f,s,b,pob total\n"
    "0,000,1.5,Tonalá,True,10\n"
    "1,1,,abc,False,20\n"
    "2,-2,-3,NA,True,*\n"
    "3,9007199254740993,1e3,x y,False,40\n";

/// The ids of the rows that satisfy the expression, or the message of what was thrown.
std::string kept(const std::string& expression, const query_variables& variables = {},
                 const filter_options& options = {}, const std::string& text = table) {
  try {
    text_input source(text);
    const tequio::data::filter_result result = filter_table(source, query(expression, variables), options);
    std::string ids;
    for (tequio::data::row_cursor row(result.kept); row.next();) ids += (ids.empty() ? "" : " ") + row.fields()[0];
    return ids;
  } catch (const tequio::error& failure) {
    return failure.what();
  }
}

std::string lenient(const std::string& expression, const std::string& text = table) {
  return kept(expression, {}, {.on_mismatch = tequio::data::mismatch::no_match}, text);
}

/// The message of a wrong expression.
std::string wrong(const std::string& expression, const query_variables& variables = {}) {
  try {
    static_cast<void>(query(expression, variables));
  } catch (const tequio::data::query_error& failure) {
    return failure.what();
  }
  return "no error";
}

TEST(query_error, shows_the_place_and_the_cure) {
  EXPECT_EQ(wrong("MUN = 0"), "query: '=' is not a comparison\n  MUN = 0\n      ^\nuse == to compare");
  EXPECT_EQ(wrong("MUN == "),
            "query: the expression ends where a value should stand\n  MUN == \n         ^\ncomplete it");
}

TEST(query_error, caret_counts_code_points_and_line_breaks_are_blanks) {
  EXPECT_EQ(wrong("`ñandú`\n== 'á' && b"),
            "query: '&&' is not an operator\n  `ñandú` == 'á' && b\n                 ^\nuse and");
  try {
    query("é = 1");
    FAIL();
  } catch (const tequio::data::query_error& failure) {
    EXPECT_EQ(failure.column(), 3u);
  }
}

TEST(query_error, names_the_operator_that_other_languages_write_otherwise) {
  EXPECT_THAT(wrong("a && b"), HasSubstr("use and"));
  EXPECT_THAT(wrong("a || b"), HasSubstr("use or"));
  EXPECT_THAT(wrong("a <> 1"), HasSubstr("use !="));
  EXPECT_THAT(wrong("a === 1"), HasSubstr("use =="));
  EXPECT_THAT(wrong("!a"), HasSubstr("use not"));
  EXPECT_THAT(wrong("a ≥ 1"), HasSubstr("use >="));
  EXPECT_THAT(wrong("a == “x”"), HasSubstr("straight quotes"));
  EXPECT_THAT(wrong("a is None"), HasSubstr("use ==; for missing values .isna()"));
  EXPECT_THAT(wrong("a == 1 AND b == 2"), HasSubstr("use lower case: and"));
  EXPECT_THAT(wrong("a like 'x%'"), HasSubstr(".str.contains"));
  EXPECT_THAT(wrong("a == 1; b"), HasSubstr("one expression only"));
  EXPECT_THAT(wrong("a ^ b"), HasSubstr("use ** for powers"));
  EXPECT_THAT(wrong("a := 1"), HasSubstr("use == to compare"));
  EXPECT_THAT(wrong("lambda x: x"), HasSubstr("'lambda' is not supported"));
  EXPECT_THAT(wrong("1 if a else 2"), HasSubstr("'if' is not supported"));
}

TEST(query_error, numbers_and_texts_are_checked) {
  EXPECT_EQ(wrong("MUN == 001"),
            "query: 001 is not a number: it begins with 0\n  MUN == 001\n         ^\nwrite 1, or '001' for text");
  EXPECT_THAT(wrong("a == 1__0"), HasSubstr("is not a number"));
  EXPECT_THAT(wrong("a == 12abc"), HasSubstr("'12abc' is not a number"));
  EXPECT_THAT(wrong("a == 0x"), HasSubstr("is not a number"));
  EXPECT_THAT(wrong("a == 'x"), HasSubstr("the text is never closed"));
  EXPECT_THAT(wrong("`a == 1"), HasSubstr("the backtick is never closed"));
  EXPECT_THAT(wrong("a == b'x'"), HasSubstr("text may not begin with b"));
  EXPECT_THAT(wrong("a == f'x'"), HasSubstr("text may not begin with f"));
  EXPECT_THAT(wrong("a == '\\x1'"), HasSubstr("the escape is too short"));
  EXPECT_THAT(wrong("a == '\xFF'"), HasSubstr("not UTF-8"));
}

TEST(query_error, brackets_and_leftovers_are_explained) {
  EXPECT_THAT(wrong("(a == 1"), HasSubstr("'(' is never closed"));
  EXPECT_THAT(wrong("a in [1, 2"), HasSubstr("'[' is never closed"));
  EXPECT_THAT(wrong("a == 1)"), HasSubstr("')' closes nothing"));
  EXPECT_THAT(wrong("a == 1 b == 2"), HasSubstr("join conditions with and, or"));
  EXPECT_THAT(wrong("A.1 == 3"), HasSubstr("backticks: `A.1`"));
  EXPECT_THAT(wrong(""), HasSubstr("the expression is empty"));
  EXPECT_THAT(wrong("  # only a comment"), HasSubstr("the expression is empty"));
  EXPECT_THAT(wrong("()"), HasSubstr("nothing in the parentheses"));
  EXPECT_THAT(wrong("a[0] == 1"), HasSubstr("items cannot be picked"));
}

TEST(query_error, what_is_not_a_condition_is_refused_before_reading) {
  EXPECT_THAT(wrong("a + 1"), HasSubstr("a number is not a condition"));
  EXPECT_THAT(wrong("a == 1 and 5"), HasSubstr("a number is not a condition"));
  EXPECT_THAT(wrong("'x'"), HasSubstr("a text is not a condition"));
  EXPECT_THAT(wrong("[a]"), HasSubstr("a list is not a condition"));
  EXPECT_THAT(wrong("1 == 1"), HasSubstr("names no column"));
  EXPECT_THAT(wrong("a.str.len()"), HasSubstr("a number is not a condition"));
  EXPECT_THAT(wrong("~5 == a"), HasSubstr("'~' turns a condition around"));
  EXPECT_THAT(wrong("~(a + 1)"), HasSubstr("'~' turns a condition around"));
}

TEST(query_error, types_that_do_not_compare_are_refused) {
  EXPECT_THAT(wrong("a in 0"), HasSubstr("in looks into a list"));
  EXPECT_THAT(wrong("a in 'x'"), HasSubstr(".str.contains"));
  EXPECT_THAT(wrong("[0] in a"), HasSubstr("in looks into a list"));
  EXPECT_THAT(wrong("a in [b, 1]"), HasSubstr("no columns or expressions"));
  EXPECT_THAT(wrong("a == None"), HasSubstr(".isna()"));
  EXPECT_THAT(wrong("a < [1]"), HasSubstr("a list has no order"));
  EXPECT_THAT(wrong("a + 1 == 'x'"), HasSubstr("a number cannot be compared with a text"));
  EXPECT_THAT(wrong("a.str.lower() == 1"), HasSubstr("a number cannot be compared with a text"));
  EXPECT_THAT(wrong("(a > 1) + 1 == 2"), HasSubstr("a condition is not a number"));
  EXPECT_THAT(wrong("sin('x') > 0"), HasSubstr("a text is not a number"));
  for (const char* sum : {"a + 'x'", "a + 'x' > 5", "5 + 'x' == a", "(a + 1) + 'x' == 'y'"})
    EXPECT_THAT(wrong(sum), HasSubstr("a text cannot be added to a number, nor calculated with"));
}

TEST(query_error, unknown_functions_and_methods_name_the_nearest) {
  EXPECT_THAT(wrong("squrt(a) > 1"), HasSubstr("there is no function 'squrt'"));
  EXPECT_THAT(wrong("squrt(a) > 1"), HasSubstr("sqrt"));
  EXPECT_THAT(wrong("a.foo()"), HasSubstr("there is no method 'foo'"));
  EXPECT_THAT(wrong("a.str.foo()"), HasSubstr("there is no text method 'foo'"));
  EXPECT_THAT(wrong("a.max() > 1"), HasSubstr("one row at a time"));
  EXPECT_THAT(wrong("a.isin([1], 2)"), HasSubstr("isin() takes 1 arguments"));
  EXPECT_THAT(wrong("a.between(1)"), HasSubstr("between() needs 'right'"));
  EXPECT_THAT(wrong("a.str.contains('(')"), HasSubstr("the regular expression is wrong"));
  EXPECT_THAT(wrong("a.str.contains('a(?=b)')"), HasSubstr("the regular expression is wrong"));
  EXPECT_THAT(wrong("a.str.contains('x', flags=2)"), HasSubstr("(?i)"));
}

TEST(query_error, deep_nesting_and_long_chains_end_in_an_error) {
  EXPECT_THAT(wrong(std::string(100000, '(') + "a"), HasSubstr("nested more than"));
  EXPECT_THAT(wrong("a == " + std::string(100000, '-') + "1"), HasSubstr("nested more than"));
  std::string negations;
  for (int i = 0; i < 100000; ++i) negations += "not ";
  EXPECT_THAT(wrong(negations + "a"), HasSubstr("nested more than"));
  std::string sum = "a";
  for (int i = 0; i < 100000; ++i) sum += "+a";
  EXPECT_THAT(wrong(sum + " > 1"), HasSubstr("too long a chain"));
  std::string any = "id == 0";
  for (int i = 0; i < 5000; ++i) any += " or id == 3";
  EXPECT_EQ(kept(any), "0 3");
}

TEST(query_error, unknown_column_names_the_nearest) {
  EXPECT_EQ(kept("pob_total > 1"),
            "table.csv: there is no column 'pob_total'\n  pob_total > 1\n  ^\ndid you mean pob total?");
  EXPECT_THAT(kept("ID == 1"), HasSubstr("did you mean id?"));
  EXPECT_THAT(kept("altitude == 1"), HasSubstr("it has 6 columns: id, n, f, s, b, pob total"));
  EXPECT_THAT(kept("altitude == 1", {}, {}, "id\n0\n"), HasSubstr("it has 1 column: id"));
  EXPECT_THAT(kept("s == Jalisco"), HasSubstr("n, f, s, b, pob total; text goes in quotes: 'Jalisco'"));
  EXPECT_THAT(kept("s != bb"), HasSubstr("? text goes in quotes: 'bb'"));
}

TEST(query_error, unknown_variable_tells_how_to_give_it) {
  EXPECT_THAT(wrong("a == @limit"), HasSubstr("give limit a value in query_variables"));
  EXPECT_THAT(wrong("a == @limt", {{"limit", "1"}}), HasSubstr("did you mean @limit?"));
}

TEST(query, comparisons_take_fields_as_numbers) {
  EXPECT_EQ(kept("n == 0"), "0");
  EXPECT_EQ(kept("0 == n"), "0");
  EXPECT_EQ(kept("n < 1"), "0 2");
  EXPECT_EQ(kept("f >= 1.5"), "0 3");
  EXPECT_EQ(kept("n != 0"), "1 2 3");
}

TEST(query, integers_beyond_doubles_compare_exactly) {
  EXPECT_EQ(kept("n == 9007199254740993"), "3");
  EXPECT_EQ(kept("n == 9007199254740992"), "");
  EXPECT_EQ(kept("n in [9007199254740992, 9007199254740994]"), "");
  EXPECT_EQ(kept("n in [9007199254740992, 9007199254740993]"), "3");
  EXPECT_EQ(kept("a > 18446744073709551614", {}, {}, "id,a\n0,18446744073709551615\n1,18446744073709551614\n"), "0");
}

TEST(query, and_or_not_bind_as_in_pandas) {
  EXPECT_EQ(kept("not n == 0 and f < 0"), "2");
  EXPECT_EQ(kept("n == 0 & f > 0 | id == 3"), "0 3");
  EXPECT_EQ(kept("not (n == 0 or id == 3)"), "1 2");
  EXPECT_EQ(kept("~(n == 0)"), "1 2 3");
  EXPECT_EQ(kept("~b == 0"), "0 2");
  EXPECT_EQ(kept("-2 < n < 1"), "0");
  EXPECT_EQ(kept("0 <= n <= 1 != id"), "0");
}

TEST(query, missing_values_satisfy_only_what_is_negated) {
  EXPECT_EQ(kept("f == f"), "0 2 3");
  EXPECT_EQ(kept("f != f"), "1");
  EXPECT_EQ(kept("f > -100"), "0 2 3");
  EXPECT_EQ(kept("not f > -100"), "1");
  EXPECT_EQ(kept("s != 'abc'"), "0 2 3");
  EXPECT_EQ(kept("s == 'NA'"), "");
  EXPECT_EQ(kept("s not in ['abc']"), "0 2 3");
  EXPECT_EQ(kept("f not in [1.5]"), "1 2 3");
  EXPECT_EQ(kept("s in ['abc', None]"), "1 2");
  EXPECT_EQ(kept("f in [nan, -3]"), "1 2");
  EXPECT_EQ(kept("f == nan"), "");
  EXPECT_EQ(kept("f.isna()"), "1");
  EXPECT_EQ(kept("f.notnull() and s.notna()"), "0 3");
  EXPECT_EQ(kept("(f + 1).isnull()"), "1");
}

TEST(query, lists_and_membership) {
  EXPECT_EQ(kept("n in [0, 1]"), "0 1");
  EXPECT_EQ(kept("n == (0, 1)"), "0 1");
  EXPECT_EQ(kept("[0, 1] != n"), "2 3");
  EXPECT_EQ(kept("n not in (0,)"), "1 2 3");
  EXPECT_EQ(kept("n in []"), "");
  EXPECT_EQ(kept("n in [-2, +1, inf]"), "1 2");
  EXPECT_EQ(kept("n.isin([0, 'x'])"), "0");
  EXPECT_EQ(kept("s in ['abc', 5]"), "1");
  EXPECT_EQ(kept("f in [True]"), "");
}

TEST(query, texts_compare_as_they_are_written) {
  EXPECT_EQ(kept("s == 'Tonalá'"), "0");
  EXPECT_EQ(kept("s == \"Tonal\" 'á'"), "0");
  EXPECT_EQ(kept("s == 'Tonal\\u00e1'"), "0");
  EXPECT_EQ(kept("s > 'b'"), "3");
  EXPECT_EQ(kept("s + '!' == 'abc!'"), "1");
}

TEST(query, column_of_numbers_against_a_text_is_an_error_at_the_end) {
  EXPECT_EQ(
      kept("id == '0'"),
      "table.csv: column 'id' holds only numbers but is compared with the text '0'; compare it with a number, without "
      "quotes: 0; or set filter_options::on_mismatch to no_match to compare it as it is written");
  EXPECT_THAT(kept("n in ['000', '001']"), HasSubstr("column 'n' holds only numbers"));
  EXPECT_EQ(lenient("n == '000'"), "0");
  EXPECT_EQ(kept("`pob total` == '10'"), "0");  // a text column: it has a *
  EXPECT_EQ(kept("id == 'x'"), "");
  EXPECT_THAT(kept("id > 'abc'"),
              HasSubstr("text 'abc'; compare it with a number, without quotes; or set filter_options::on_mismatch to"));
  EXPECT_THAT(kept("'abc' <= id"), HasSubstr("column 'id' holds only numbers"));
  EXPECT_THAT(kept("id.between('a', 'b')"), HasSubstr("column 'id' holds only numbers"));
  EXPECT_EQ(lenient("id > 'abc'"), "");
  EXPECT_EQ(kept("s > 'abc'"), "3");
}

TEST(query, field_that_is_no_number_is_named_with_the_cure) {
  EXPECT_EQ(kept("`pob total` > 15"),
            "table.csv: line 4, column pob total: '*' is not a number; if it stands for a missing value, add '*' to "
            "filter_options::missing; to compare the text: ... == '*'; or set filter_options::on_mismatch to no_match");
  EXPECT_EQ(kept("`pob total` > 15", {}, {.missing = {"*"}}), "1 3");
  EXPECT_EQ(lenient("`pob total` > 15"), "1 3");
  EXPECT_EQ(lenient("not `pob total` > 15"), "0 2");
  EXPECT_THAT(kept("n"), HasSubstr("line 2, column n: '000' is not True or False"));
  EXPECT_THAT(kept("s < id"),
              HasSubstr("line 2, column s: 'Tonalá' is not a number, as the column it is compared with"));
}

TEST(query, what_is_not_evaluated_cannot_fail) {
  EXPECT_EQ(kept("id == 0 and `pob total` > 5"), "0");
  EXPECT_EQ(kept("id >= 0 or `pob total` > 5"), "0 1 2 3");
}

TEST(query, missing_texts_of_the_user_may_look_like_numbers) {
  EXPECT_EQ(kept("f < 0", {}, {.missing = {"-3"}}), "");
  EXPECT_EQ(kept("f.isna()", {}, {.missing = {"-3"}}), "1 2");
}

TEST(query, columns_compare_as_numbers_where_both_are) {
  const std::string text = "id,a,b\n0,1,01\n1,x,x\n2,1,x\n3,NA,NA\n4,2,10\n";
  EXPECT_EQ(kept("a == b", {}, {}, text), "0 1");
  EXPECT_EQ(kept("a != b", {}, {}, text), "2 3 4");
  EXPECT_EQ(lenient("a < b", text), "4");
}

TEST(query, truth_columns) {
  EXPECT_EQ(kept("b"), "0 2");
  EXPECT_EQ(kept("not b"), "1 3");
  EXPECT_EQ(kept("b == True"), "0 2");
  EXPECT_EQ(kept("b == 1"), "0 2");
  EXPECT_EQ(kept("b and n < 0"), "2");
  EXPECT_EQ(kept("(n == 0) == b"), "0 1 3");
  EXPECT_EQ(kept("b == True or True"), "0 1 2 3");
}

TEST(query, arithmetic_follows_python) {
  EXPECT_EQ(kept("n * 2 + 1 == 3"), "1");
  EXPECT_EQ(kept("-2 ** 2 == n - 2"), "2");
  EXPECT_EQ(kept("2 ** -1 == f - 1"), "0");
  EXPECT_EQ(kept("n // 3 == -1"), "2");
  EXPECT_EQ(kept("n % 3 == 1 and id < 3"), "1 2");
  EXPECT_EQ(kept("f / 0 == inf"), "0 3");
  EXPECT_EQ(kept("id == 0x2 or id == 1_0 - 7"), "2 3");
}

TEST(query, integer_division_by_zero_is_missing_and_warned_of) {
  text_input source(table);
  const auto result = filter_table(source, query("id // n > 0"));
  EXPECT_EQ(result.kept.row_count, 1u);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_EQ(result.warnings[0], "table.csv: 1 divisions by zero gave a missing value, first on line 2");
}

TEST(query, functions) {
  EXPECT_EQ(kept("sqrt(id) == 1"), "1");
  EXPECT_EQ(kept("abs(n) == 2"), "2");
  EXPECT_EQ(kept("log(n).isna()"), "2");
  EXPECT_EQ(kept("floor(f) == 1 or arctan2(f, 1) < 0"), "0 2");
}

TEST(query, index_is_the_row_number_unless_a_column_has_that_name) {
  EXPECT_EQ(kept("index >= 2"), "2 3");
  EXPECT_EQ(kept("index == 5", {}, {}, "id,index\n0,5\n1,6\n"), "0");
  EXPECT_EQ(kept("inf == 5", {}, {}, "id,inf\n0,5\n1,6\n"), "0");
  EXPECT_EQ(kept("f < inf"), "0 2 3");
}

TEST(query, names_in_backticks_hold_anything) {
  EXPECT_EQ(kept("`pob total` == '*'"), "2");
  EXPECT_EQ(kept("`and` == 1 and `a#b.c'` == 2", {}, {}, "id,and,a#b.c'\n0,1,2\n"), "0");
  EXPECT_EQ(kept("año == 1", {}, {}, "id,año\n0,1\n"), "0");
}

TEST(query, text_methods) {
  EXPECT_EQ(kept("s.str.len() == 6"), "0");
  EXPECT_EQ(kept("s.str.upper() == 'TONALÁ'"), "0");
  EXPECT_EQ(kept("s.str.lower().str.startswith('ton')"), "0");
  EXPECT_EQ(kept("s.str.startswith(('a', 'x'))"), "1 3");
  EXPECT_EQ(kept("s.str.endswith('á')"), "0");
  EXPECT_EQ(kept("s.str.contains('a.c')"), "1");
  EXPECT_EQ(kept("s.str.contains('A', case=False)"), "0 1");
  EXPECT_EQ(kept("s.str.contains('.', regex=False)"), "");
  EXPECT_EQ(kept("s.str.contains('a', na=True)"), "0 1 2");
  EXPECT_EQ(kept("s.str.contains('^.{6}$')"), "0");
  EXPECT_EQ(kept("s.str.match('b')"), "");
  EXPECT_EQ(kept("s.str.match('a|T')"), "0 1");
  EXPECT_EQ(kept("s.str.fullmatch('ab|abc')"), "1");
  EXPECT_EQ(kept("n.str.isnumeric()"), "0 1 3");
  EXPECT_EQ(kept("s.str.strip('Tá') == 'onal'"), "0");
  EXPECT_EQ(kept("s.str.strip() == 'q'", {}, {}, "id,s\n0,\xC2\xA0 q \n"), "0");
}

TEST(query, between) {
  EXPECT_EQ(kept("id.between(1, 2)"), "1 2");
  EXPECT_EQ(kept("id.between(1, 3, inclusive='neither')"), "2");
  EXPECT_EQ(kept("s.between('a', 'b')"), "1");
}

TEST(query, variables_are_values) {
  EXPECT_EQ(kept("id == @x", {{"x", "2"}}), "2");
  EXPECT_EQ(kept("n == @x", {{"x", "-2"}}), "2");
  EXPECT_EQ(kept("s == @x", {{"x", "x y"}}), "3");
  EXPECT_EQ(kept("s == @x", {{"x", "'abc'"}}), "1");
  EXPECT_EQ(kept("id in @x", {{"x", "[1, 3]"}}), "1 3");
  EXPECT_EQ(kept("`pob total` == @x", {{"x", "*"}}), "2");
  EXPECT_EQ(kept("b == @x", {{"x", "True"}}), "0 2");
  EXPECT_EQ(kept("s == @x", {{"x", "id == 0"}}), "");
}

TEST(query, comments_and_line_breaks_are_blanks) { EXPECT_EQ(kept("id == 1 # one\n or id == 2"), "1 2"); }

}  // namespace
