// SPDX-License-Identifier: MIT
// The same expressions over the same table by pandas: the same rows, except the differences listed with their reasons.
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdio>

#include "support/files/scratch_folder.hpp"
#include "support/files/text_input.hpp"
#include "tequio/data/filter.hpp"

namespace {

// n: integers with zeros; i: 64-bit; f: floats with missing; s: texts with missing; t: texts and numbers; b: truths; w:
// blanks.
const char* const table =
    "id,n,i,f,g,s,t,b,w,two words,and\n"
    "0,000,9007199254740993,1.5,0.1,Tonalá,10,True, 7,x,1\n"
    "1,001,-5,,2e3,abc,*,False,8 ,y,2\n"
    "2,-02,0,-3,.5,NA,10,True,+9,,3\n"
    "3,3,9223372036854775807,inf,1.,\"x, \"\"y\"\"\",N/D,False,-10,x,4\n"
    "4,40,7,nan,-0,abcabc,,True,11,z,5\n"
    "5,5,-9223372036854775807,1e-3,1e300,ABC,0010,False,0,x,6\n"
    "6,6,3,N/A,4.5,123,10.0,False,1,null,7\n"
    "7,7,2,2.5,9007199254740993, padded ,abc,True,2,Ñandú,8\n";

const char* const same[] = {
    "n == 0",
    "n != 0",
    "n < 5",
    "n <= 5",
    "n > 5",
    "n >= 5",
    "0 == n",
    "5 > n",
    "n == 1.0",
    "n == 1e0",
    "n == 0x28",
    "n == 4_0",
    "n == 0 and f > 0",
    "n == 0 or n == 1",
    "not n == 0",
    "not n == 0 and f > 0",
    "not (n == 0 and f > 0)",
    "n == 0 & f > 0",
    "n == 0 | n == 1",
    "n == 0 | n == 1 & f > 100",
    "~(n == 0)",
    "~b",
    "not b",
    "b",
    "b and n > 3",
    "b == True",
    "b == False",
    "b != True",
    "~b == 0",
    "b == 1",
    "-5 < n < 5",
    "1 <= n <= 5 < i",
    "0 < n != 3",
    "n < 5 == True",
    "n < i",
    "n == id",
    "id != n",
    "n > f",
    "f == f",
    "f != f",
    "f > -100",
    "not f > -100",
    "f == 1.5",
    "f != 1.5",
    "f < inf",
    "f == inf",
    "f in [1.5, -3]",
    "f not in [1.5]",
    "n in [0, 1, 7]",
    "n in (0, 1)",
    "n == [0, 3]",
    "n != [0, 3]",
    "[0, 3] == n",
    "n not in [0, 3]",
    "n in [0]",
    "n in []",
    "s == 'abc'",
    "s != 'abc'",
    "'abc' == s",
    "s == \"abc\"",
    "s == 'NA'",
    "s in ['abc', 'ABC']",
    "s not in ['abc']",

    "s == 'x, \"y\"'",
    "s == 'Tonal\\u00e1'",
    "s == r'abc'",
    "s == 'ab' 'c'",
    "s == ' padded '",
    "`two words` == 'x'",
    "`and` > 3",
    "`two words` in ['x', 'z'] and n > 2",
    "t == '10'",
    "t == '*'",
    "t != '10'",
    "t in ['10', '0010']",
    "s == s",
    "s != s",
    "s == `two words`",
    "n + 1 == 1",
    "n * 2 > 10",
    "n - 5 == 2",
    "-n == 2",
    "+n == 6",
    "n / 2 == 2.5",
    "n ** 2 == 9",
    "-n ** 2 == -9",
    "b + 1 == 2",
    "n",
    "s > 'b'",
    "f",
    "(n + 1) * 2 == 8",
    "n + 1 * 2 == 8",
    "n // 4 == 1",
    "n % 4 == 3",
    "n // 3 == -1",
    "n % 3 == 1",
    "n // -3 == -2",
    "n % -3 == -2",
    "f + 1 > 0",
    "f * 0 == 0",
    "f / 2 == 0.75",
    "f // 1 == -3",
    "f % 2 == 0.5",
    "n + f > 3",
    "g == 0.1",
    "g * 3 == 0.30000000000000004",
    "g > 1e299",

    "i == 9223372036854775807",
    "i == 9007199254740993",
    "i < -9e18",
    "i == -9223372036854775807",
    "w == 7",
    "w > 8",
    "w == 9",
    "w == -10",
    "index == 3",
    "index > 4 and n < 7",
    "index % 2 == 0",
    "ilevel_0 == 1",
    "sin(n) > 0",
    "abs(n) == 2",
    "sqrt(f) > 1",
    "log(n) > 1",
    "exp(n) < 1",
    "floor(f) == 1",
    "ceil(f) == 2",
    "arctan2(n, 1) < 0",
    "log10(n) == 1.6020599913279623",
    "expm1(f) > 1",
    "log1p(f) > 1",
    "sqrt(n) == sqrt(5)",
    "s.isna()",
    "s.notna()",
    "f.isnull()",
    "f.notnull() and n > 2",
    "n.isin([0, 3])",
    "s.isin(['abc', 'ABC'])",
    "n.between(0, 5)",
    "n.between(0, 5, inclusive='neither')",
    "f.between(1, 2)",
    "s.str.len() == 3",
    "s.str.upper() == 'ABC'",
    "s.str.lower() == 'tonalá'",
    "s.str.strip() == 'padded'",
    "s.str.contains('bc', na=False)",
    "s.str.contains('BC', case=False, na=False)",
    "s.str.contains('^a.c$', na=False)",
    "s.str.contains('.', regex=False, na=False)",
    "s.str.startswith('a', na=False)",
    "s.str.endswith('c', na=False)",
    "s.str.match('abc', na=False)",
    "s.str.match('bc', na=False)",
    "s.str.contains('a', na=True)",
    "s.str.isnumeric() == True",
    "s.str.upper().str.contains('ABC', na=False)",
    "not s.str.contains('abc', na=False)",
    "s > 'b' and s.notna()",
    "s == 'abc' and n == 1 or n == 7",
    // errors in both
    "n = 0",
    "n == 01",
    "n ==",
    "(n == 0",
    "n == 0)",
    "n && b",
    "n == 0 || n == 1",
    "!b",
    "n <> 0",
    "n === 0",
    "nosuch == 1",
    "n in 0",
    "n is 0",
    "lambda x: x",
    "n == 0 if b else n",
    "n == @nosuch",
    "s > 5",
    "t > 5",
    "",
    "n == 'unclosed",
    "n ==; 0",
    "n.str.len() == 1 and nosuch",
    "s.str.contains('(', na=False)",
    "f'x' == s",
    "n == 1 2",
    "1 == 1",
};

struct difference {
  const char* expression;
  const char* ours;  // "error", or the rows
  const char* reason;
};

const difference differences[] = {
    {"s in ['abc', None]", "1 2", "pandas tells None from NaN here; both are missing"},
    {"2 ** n > 30", "4 5 6 7", "NumPy refuses negative powers of integers"},
    {"g == 9007199254740992", "", "pandas makes doubles of a column with fractions; here integers compare exactly"},
    {"n // 0 > 0", "", "NumPy gives inf; here a missing value, with a warning"},
    {"i + 0 == 9007199254740992", "0", "pandas adds 64-bit integers; arithmetic here is in double"},
    {"n and b", "error", "pandas joins the bits of numbers"},
    {"n == '0'", "error", "pandas keeps nothing without a word; a column of numbers is no text"},
    {"s in 'abc'", "error", "pandas takes it as ==; a part of a text is what people expect"},
    {"n in [id, 1]", "error", "pandas answers wrongly for columns inside a list"},
    {"s == None", "error", "nothing equals None"},
    {"t == 10", "error", "pandas keeps nothing, for t is text: it has a *"},
    {"s.str.startswith('a')", "1 4", "pandas refuses a missing value; here it does not match"},
    {"t < s", "error", "pandas compares texts; here a number and a text do not mix"},
    {"n.str.len() == 3", "0 1 2", "pandas has no .str on numbers; here the text as it was written"},
    {"n == nan", "", "pandas 1.5 does not know nan"},
    {"s + '!' == 'abc!'", "1", "pandas refuses"},
};

std::string ours(const std::string& expression) {
  try {
    tequio::test::text_input source(table);
    const auto result = filter_table(source, tequio::data::query(expression));
    std::string ids;
    for (tequio::data::row_cursor row(result.kept); row.next();) ids += (ids.empty() ? "" : " ") + row.fields()[0];
    return ids;
  } catch (const tequio::error&) {
    return "error";
  }
}

/// pandas' answers; empty where it is not installed.
std::vector<std::string> theirs(const std::vector<std::string>& expressions) {
  const tequio::test::scratch_folder folder;
  std::string lines;
  for (const std::string& expression : expressions) lines += expression + '\n';
  const std::string command = "/usr/bin/python3 " TEQUIO_SOURCE_DIR "/tests/support/files/pandas_query.py '" +
                              folder.write("table.csv", table) + "' < '" + folder.write("expressions.txt", lines) + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  std::vector<std::string> answers(1);
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) {
    if (c == '\n')
      answers.emplace_back();
    else
      answers.back().push_back(static_cast<char>(c));
  }
  answers.pop_back();
  const int status = pclose(pipe);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? answers : std::vector<std::string>();
}

TEST(query_pandas, same_expressions_keep_the_same_rows) {
  const std::vector<std::string> expressions(std::begin(same), std::end(same));
  const std::vector<std::string> answers = theirs(expressions);
  if (answers.empty()) GTEST_SKIP() << "no pandas for /usr/bin/python3";
  ASSERT_EQ(answers.size(), expressions.size());
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(ours(expressions[i]), answers[i]) << expressions[i];
}

TEST(query_pandas, differences_are_these) {
  std::vector<std::string> expressions;
  for (const difference& one : differences) expressions.emplace_back(one.expression);
  const std::vector<std::string> answers = theirs(expressions);
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    EXPECT_EQ(ours(expressions[i]), differences[i].ours) << expressions[i] << ": " << differences[i].reason;
    if (answers.empty()) continue;
    EXPECT_NE(answers.at(i), differences[i].ours) << expressions[i] << " is no difference";
  }
}

}  // namespace
