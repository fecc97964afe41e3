// SPDX-License-Identifier: MIT
// What a plan means, over rows that are no text: numbers by column.
#include "expr/interpret.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "expr/bind.hpp"
#include "tequio/expr/expression.hpp"

namespace {

namespace expr = tequio::expr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Columns of doubles, row by row; the third is of texts, the last of conditions.
class table {
 public:
  static constexpr std::size_t row_count = 4;

  bool next() { return ++m_row < row_count; }

  expr::number number_at(const expr::number_column& step) {
    ++reads;
    return expr::number::real(step.column == 0 ? x[m_row] : y[m_row]);
  }
  expr::text_value text_at(const expr::text_column&, std::string&) {
    return {.view = names[m_row], .missing = names[m_row].empty()};
  }
  bool truth_at(const expr::truth_column&) { return m_row % 2 == 0; }
  bool compare(const expr::cell_comparison&) { return false; }
  std::uint64_t index() const { return m_row; }
  void note_zero_division() { ++zero_divisions; }

  std::size_t reads = 0;
  std::size_t zero_divisions = 0;

 private:
  std::vector<double> x{0, 1, -2, nan};
  std::vector<double> y{2, 0.5, 0, 4};
  std::vector<std::string> names{"uno", "dos", "", "Ñu"};
  std::size_t m_row = static_cast<std::size_t>(-1);
};

static_assert(expr::row_reader<table>);

const expr::schema columns{.name = "numbers",
                           .columns = {{"x", expr::column_type::number},
                                       {"y", expr::column_type::number},
                                       {"name", expr::column_type::text},
                                       {"even", expr::column_type::truth}}};

/// The numbers of the rows that satisfy the condition.
std::string kept(const std::string& condition, table& rows) {
  const expr::plan plan = expr::bind_condition(expr::expression(condition).tree(), columns);
  expr::interpreter interpreter(plan, rows);
  std::string found;
  while (rows.next())
    if (interpreter.test()) found += std::to_string(rows.index());
  return found;
}

std::string kept(const std::string& condition) {
  table rows;
  return kept(condition, rows);
}

TEST(interpret, arithmetic_and_functions) {
  EXPECT_EQ(kept("sqrt(x**2 + y**2) >= 2"), "02");
  EXPECT_EQ(kept("x * 2 + 1 == 3"), "1");
  EXPECT_EQ(kept("-x == 2 or x - y == 0.5"), "12");
  EXPECT_EQ(kept("x // 3 == -1 and x % 3 == 1"), "2");
  EXPECT_EQ(kept("arctan2(y, x) > 1.5"), "02");
}

TEST(interpret, missing_numbers_satisfy_only_what_is_negated) {
  EXPECT_EQ(kept("x == x"), "012");
  EXPECT_EQ(kept("x != 1"), "023");
  EXPECT_EQ(kept("x.isna()"), "3");
  EXPECT_EQ(kept("x in [1, nan]"), "13");
  EXPECT_EQ(kept("x not in [0]"), "123");
}

TEST(interpret, texts) {
  EXPECT_EQ(kept("name == 'dos'"), "1");
  EXPECT_EQ(kept("name != 'dos'"), "023");
  EXPECT_EQ(kept("name.str.lower() == 'ñu'"), "3");
  EXPECT_EQ(kept("name.str.len() == 3"), "01");
  EXPECT_EQ(kept("name + '!' == 'uno!'"), "0");
  EXPECT_EQ(kept("name.str.strip('uo') == 'n'"), "0");
  EXPECT_EQ(kept("name.str.contains('o')"), "01");
  EXPECT_EQ(kept("name.str.contains('o', na=True)"), "012");
  EXPECT_EQ(kept("name.str.startswith(('u', 'd'))"), "01");
  EXPECT_EQ(kept("name in ['dos', None]"), "12");
  EXPECT_EQ(kept("name.isna()"), "2");
}

TEST(interpret, conditions) {
  EXPECT_EQ(kept("even"), "02");
  EXPECT_EQ(kept("not even and index < 3"), "1");
  EXPECT_EQ(kept("even == (x == 0)"), "013");
}

TEST(interpret, what_decides_nothing_is_not_read) {
  table rows;
  EXPECT_EQ(kept("index == 1 and x > 0", rows), "1");
  EXPECT_EQ(rows.reads, 1U);
}

TEST(interpret, division_by_zero_is_missing_and_noted) {
  table rows;
  EXPECT_EQ(kept("(x // y).isna()", rows), "23");
  EXPECT_EQ(rows.zero_divisions, 1U);
}

}  // namespace
