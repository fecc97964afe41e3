// SPDX-License-Identifier: MIT
// The real table of a state, from its zip archive.
#include <gtest/gtest.h>

#include <fstream>

#include "support/files/shared_data.hpp"
#include "support/files/text_input.hpp"
#include "tequio/data/filter.hpp"
#include "tequio/data/open.hpp"

namespace {

using tequio::data::filter_options;
using tequio::data::query;

tequio::data::filter_result census(const char* expression, const filter_options& options = {}) {
  const auto path = tequio::test::shared_data() / "census/ITER_01_2020_csv.zip";
  const auto table = open_table(tequio::data::make_source(path));
  return filter_table(*table, query(expression), options);
}

std::vector<std::string> first_row(const tequio::data::row_block& block) {
  tequio::data::row_cursor row(block);
  EXPECT_TRUE(row.next());
  return {row.fields().begin(), row.fields().end()};
}

// pandas writes numbers its way (01 is 1); where both are numbers they are compared as such, else as text.
TEST(census, total_of_the_state_is_the_row_that_pandas_keeps) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto result = census("MUN == 0 and LOC == 0");
  EXPECT_EQ(result.rows_read, 2058u);
  ASSERT_EQ(result.kept.row_count, 1u);
  std::ifstream file(tequio::test::shared_data() / "census/expected_pandas_01.csv", std::ios::binary);
  tequio::test::text_input text(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto expected = filter_table(text, query("MUN == 0"));
  EXPECT_EQ(result.kept.columns, expected.kept.columns);
  const std::vector<std::string> ours = first_row(result.kept);
  const std::vector<std::string> theirs = first_row(expected.kept);
  ASSERT_EQ(ours.size(), 286u);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const bool code = i == 0 || i == 2 || i == 4;
    EXPECT_EQ(code ? std::to_string(std::stoi(ours[i])) : ours[i], theirs[i]) << result.kept.columns[i];
  }
  EXPECT_EQ(ours[0] + ours[2] + ours[4], "010000000");
}

TEST(census, confidential_fields_are_named_with_the_cure) {
  TEQUIO_NEEDS_SHARED_DATA();
  try {
    census("POBFEM > 100");
    FAIL();
  } catch (const tequio::error& failure) {
    EXPECT_NE(std::string(failure.what())
                  .find("column POBFEM: '*' is not a number; if it stands for a missing value, add '*' to "
                        "filter_options::missing"),
              std::string::npos)
        << failure.what();
  }
  EXPECT_EQ(census("POBFEM > 100000", {.missing = {"*"}}).kept.row_count, 3u);
}

TEST(census, every_row_is_written_as_it_was) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto all = census("ENTIDAD == 1");
  EXPECT_EQ(all.kept.row_count, 2058u);
  EXPECT_EQ(all.kept.rows.size(), 1534326u - 2762u - 2058u);  // less header and carriage returns
  EXPECT_EQ(census("NOM_LOC.str.contains('Sauz') and LATITUD.notna()").kept.row_count, 2u);
}

}  // namespace
