// SPDX-License-Identifier: MIT
#include "tequio/data/filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files/text_input.hpp"
#include "tequio/data/format_error.hpp"

namespace {

using tequio::data::filter_result;
using tequio::data::query;
using tequio::data::row_block;
using tequio::test::text_input;
using ::testing::HasSubstr;

filter_result filtered(const std::string& text, const std::string& expression,
                       const tequio::data::filter_options& options = {}) {
  text_input source(text);
  return filter_table(source, query(expression), options);
}

/// What is said of a table that the expression does not fit.
std::string refusal(const std::string& text, const std::string& expression) {
  try {
    static_cast<void>(filtered(text, expression));
  } catch (const tequio::error& failure) {
    return failure.what();
  }
  return "no error";
}

std::string written(std::span<const row_block> blocks) {
  std::string text;
  tequio::data::write_csv(blocks, [&](std::string_view piece) { text += piece; });
  return text;
}

TEST(filter_table, error_in_the_last_row_leaves_no_result) {
  EXPECT_THROW(filtered("a,b\n1,2\n1,2,3\n", "a == 1"), tequio::data::format_error);
  EXPECT_THROW(filtered("a,b\n1,2\n1,\xFF\n", "a == 1"), tequio::data::format_error);
  EXPECT_THROW(filtered("", "a == 1"), tequio::data::format_error);
}

TEST(filter_table, only_what_may_mark_a_missing_value_is_offered_as_one) {
  for (const std::string marker : {"*", "N/D", "s/d", "...", "-------", "—"})
    EXPECT_THAT(
        refusal("a\n" + marker + "\n", "a > 1"),
        HasSubstr("line 2, column a: '" + marker + "' is not a number; if it stands for a missing value, add '" +
                  marker + "' to filter_options::missing"));
  for (const std::string text : {"Total de la Entidad", "2020-01-01", "12,345.6"})
    EXPECT_THAT(refusal("a\n\"" + text + "\"\n", "a > 1"),
                HasSubstr("line 2, column a: '" + text + "' is not a number; the column holds text here"));
}

TEST(filter_table, a_number_compared_with_a_text_is_offered_quotes) {
  for (const char* expression : {"a == 5", "5 == a"})
    EXPECT_THAT(
        refusal("a\nTonalá\n", expression),
        HasSubstr("line 2, column a: 'Tonalá' is not a number; the column holds text here: to compare the text, put "
                  "the number in quotes: '5'; or set filter_options::on_mismatch to no_match"));
  EXPECT_THAT(refusal("a\nTonalá\n", "a + 1 > 5"),
              HasSubstr("to compare the text, compare with one in quotes; or set filter_options::on_mismatch"));
}

TEST(filter_table, a_number_beyond_doubles_is_said_to_be_too_large) {
  EXPECT_THAT(refusal("a\n-1e400\n", "a > 1"), HasSubstr("line 2, column a: '-1e400' is too large a number"));
  EXPECT_THAT(refusal("a\ninfinit\n", "a > 1"), HasSubstr("'infinit' is not a number"));
}

TEST(filter_table, a_header_of_one_field_with_another_delimiter_is_recognised) {
  EXPECT_THAT(refusal("id;n\n0;1\n", "id == 1"),
              HasSubstr("its header is one field, 'id;n'; if it is separated by ';', set csv_options::delimiter"));
  EXPECT_THAT(refusal("id\tn\n0\t1\n", "id == 1"), HasSubstr("separated by tabs, set csv_options::delimiter"));
}

TEST(filter_table, keeps_rows_with_their_original_text_and_counts_them) {
  const filter_result result = filtered("a,b,c\r\n01,\"x, y\", z\r\n2,q,\"w\"\r\n1,\"\"\"\",\r\n", "a == 1");
  EXPECT_EQ(result.rows_read, 3u);
  EXPECT_EQ(result.kept.row_count, 2u);
  EXPECT_EQ(result.kept.columns, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(result.kept.rows, "01,\"x, y\", z\n1,\"\"\"\",\n");
}

TEST(filter_table, unnamed_and_repeated_columns_can_be_asked_for) {
  EXPECT_EQ(filtered("a,a,\n1,2,3\n1,3,3\n", "`a.1` == 3 and `Unnamed: 2` == 3").kept.rows, "1,3,3\n");
}

TEST(filter_table, options_reach_the_reader) {
  EXPECT_EQ(filtered("a;b\n1;x,y\n*;z\n", "a == 1", {.csv = {.delimiter = ';'}, .missing = {"*"}}).kept.rows,
            "1,\"x,y\"\n");
}

TEST(filter_table, rows_longer_than_the_buffer_are_kept_whole) {
  const std::string wide(5000, 'x');
  EXPECT_EQ(filtered("a,b\n1," + wide + "\n2,y\n", "a > 0", {.csv = {.buffer_bytes = 64}}).kept.rows,
            "1," + wide + "\n2,y\n");
}

TEST(row_cursor, splits_what_append_row_wrote) {
  const row_block block{.columns = {"a", "b"}, .rows = "1,\"x,\"\"y\"\"\n\"\n,\n\"\"\"\",\"\"\n", .row_count = 3};
  tequio::data::row_cursor row(block);
  const auto fields = [&] { return std::vector<std::string>(row.fields().begin(), row.fields().end()); };
  ASSERT_TRUE(row.next());
  EXPECT_EQ(fields(), (std::vector<std::string>{"1", "x,\"y\"\n"}));
  ASSERT_TRUE(row.next());
  EXPECT_EQ(fields(), (std::vector<std::string>{"", ""}));
  ASSERT_TRUE(row.next());
  EXPECT_EQ(fields(), (std::vector<std::string>{"\"", ""}));
  EXPECT_FALSE(row.next());
}

TEST(row_cursor, ends_on_any_text) {
  for (const char* rows : {"\"", "a,\"", "a", ",,,", "\"a\"b", "\n", "\"\"\""}) {
    const row_block block{.columns = {"a", "b"}, .rows = rows};
    tequio::data::row_cursor row(block);
    while (row.next()) EXPECT_EQ(row.fields().size(), 2u);
  }
}

TEST(join, no_blocks_give_nothing) {
  EXPECT_EQ(written({}), "");
  EXPECT_EQ(tequio::data::join({}).row_count, 0u);
}

TEST(join, blocks_with_the_same_columns_follow_each_other) {
  const row_block blocks[] = {{{"a", "b,c"}, "1,2\n", 1}, {{"a", "b,c"}, "", 0}, {{"a", "b,c"}, "3,4\n5,6\n", 2}};
  EXPECT_EQ(written(blocks), "a,\"b,c\"\n1,2\n3,4\n5,6\n");
  const row_block joined = tequio::data::join(blocks);
  EXPECT_EQ(joined.rows, "1,2\n3,4\n5,6\n");
  EXPECT_EQ(joined.row_count, 3u);
}

TEST(join, other_columns_are_added_as_they_are_met_and_missing_ones_are_empty) {
  const row_block blocks[] = {{{"a", "b"}, "1,2\n", 1}, {{"c", "b"}, "\"x,y\",3\n", 1}, {{"b", "a"}, "4,\n", 1}};
  EXPECT_EQ(written(blocks), "a,b,c\n1,2,\n,3,\"x,y\"\n,4,\n");
  EXPECT_EQ(tequio::data::join(blocks).rows, "1,2,\n,3,\"x,y\"\n,4,\n");
}

TEST(join, a_table_without_rows_still_gives_its_columns) {
  const row_block blocks[] = {{{"a"}, "1\n", 1}, {{"b"}, "", 0}};
  EXPECT_EQ(written(blocks), "a,b\n1,\n");
}

}  // namespace
