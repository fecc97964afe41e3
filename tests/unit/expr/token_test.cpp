// SPDX-License-Identifier: MIT
// How an expression is split into words.
#include "expr/token.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tequio/expr/expression.hpp"

namespace {

using tequio::expr::token;
using tequio::expr::token_kind;
using tequio::expr::tokens_of;

std::vector<std::string> words(std::string_view expression) {
  std::vector<std::string> texts;
  for (const token& each : tokens_of(expression, "formula"))
    if (each.kind != token_kind::end) texts.push_back(each.text);
  return texts;
}

token only(std::string_view expression) {
  const std::vector<token> tokens = tokens_of(expression, "formula");
  EXPECT_EQ(tokens.size(), 2U) << expression;
  return tokens.front();
}

using list = std::vector<std::string>;

TEST(token, the_longest_symbol_is_taken) {
  EXPECT_EQ(words("a**-b//c<=d"), (list{"a", "**", "-", "b", "//", "c", "<=", "d"}));
  EXPECT_EQ(words("a*b"), (list{"a", "*", "b"}));
}

TEST(token, blanks_line_breaks_and_comments_separate) {
  EXPECT_EQ(words(" a\t==\n1 # one\r\n or b"), (list{"a", "==", "1", "or", "b"}));
  EXPECT_TRUE(words("# only a comment").empty());
}

TEST(token, positions_are_bytes_and_the_last_is_the_end) {
  const std::vector<token> tokens = tokens_of("é + 1", "formula");
  ASSERT_EQ(tokens.size(), 4U);
  EXPECT_EQ(tokens[1].position, 3U);
  EXPECT_EQ(tokens[2].position, 5U);
  EXPECT_EQ(tokens[3].kind, token_kind::end);
  EXPECT_EQ(tokens[3].position, 6U);
}

TEST(token, kinds_of_names) {
  EXPECT_EQ(only("año_1").kind, token_kind::name);
  EXPECT_EQ(only("`pob total`").kind, token_kind::quoted_name);
  EXPECT_EQ(only("`pob total`").text, "pob total");
  EXPECT_EQ(only("@limit").kind, token_kind::variable);
  EXPECT_EQ(only("@limit").text, "limit");
}

TEST(token, texts_are_read_with_their_escapes) {
  EXPECT_EQ(only("'a\\n\\x41\\u00e1\\101'").text, "a\nAáA");
  EXPECT_EQ(only("r'\\d+'").text, "\\d+");
  EXPECT_EQ(only("'\\d'").text, "\\d");
}

TEST(token, numbers_have_their_value_and_are_kept_as_written) {
  EXPECT_EQ(only("1_000").value.magnitude, 1000U);
  EXPECT_EQ(only("1_000").text, "1_000");
  EXPECT_EQ(only("0xff").value.magnitude, 255U);
  EXPECT_EQ(only("1e-3").value.value, 1e-3);
  EXPECT_FALSE(only("1.0").value.integral);
  EXPECT_EQ(only("18446744073709551615").value.magnitude, 18446744073709551615U);
}

TEST(token, errors_name_the_expression_by_its_noun) {
  try {
    static_cast<void>(tokens_of("a && b", "formula"));
    FAIL() << "no error";
  } catch (const tequio::expr::expression_error& wrong) {
    EXPECT_STREQ(wrong.what(), "formula: '&&' is not an operator\n  a && b\n    ^\nuse and");
    EXPECT_EQ(wrong.column(), 3U);
  }
}

}  // namespace
