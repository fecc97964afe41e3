// SPDX-License-Identifier: MIT
#include "tequio/data/csv.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files/text_input.hpp"
#include "tequio/data/format_error.hpp"

namespace {

using namespace std::string_literals;
using tequio::data::csv_options;
using tequio::data::csv_reader;
using tequio::test::text_input;

using fields = std::vector<std::string>;
using rows = std::vector<fields>;

fields fields_of(csv_reader& reader) {
  fields row;
  std::string scratch;
  for (std::size_t i = 0; i < reader.columns().size(); ++i) row.emplace_back(reader.field(i, scratch));
  return row;
}

/// The header and all rows.
rows read(const std::string& text, csv_options options = {}) {
  text_input source(text);
  csv_reader reader(source, options);
  rows all{reader.columns()};
  reader.locate(reader.columns().size());
  while (reader.next()) all.push_back(fields_of(reader));
  return all;
}

std::string message_of(const std::string& text, csv_options options = {}) {
  try {
    read(text, options);
  } catch (const tequio::data::format_error& failure) {
    return failure.what();
  }
  return "no error";
}

std::string rewritten(const std::string& text, csv_options options = {}) {
  text_input source(text);
  csv_reader reader(source, options);
  std::string result;
  while (reader.next()) reader.append_row(result);
  return result;
}

TEST(csv_reader, empty_input_has_no_header) {
  const std::string message = "table.csv: empty: no header; the first line must name the columns";
  EXPECT_EQ(message_of(""), message);
  EXPECT_EQ(message_of("\xEF\xBB\xBF"), message);
  EXPECT_EQ(message_of("\n  \r\n\t\r"), message);
}

TEST(csv_reader, row_with_too_many_fields_names_line_and_counts) {
  EXPECT_EQ(message_of("a,b\n1,2\n\n1,2,3\n"),
            "table.csv: line 4 has 3 fields where the header has 2; quote a field that holds ','");
}

TEST(csv_reader, line_counts_line_ends_within_quotes) {
  EXPECT_EQ(message_of("a,b\r\n\"1\n\r\n\r\",2\r\n1,2,3\r\n"),
            "table.csv: line 6 has 3 fields where the header has 2; quote a field that holds ','");
}

TEST(csv_reader, trailing_separator_on_the_rows_is_explained) {
  EXPECT_EQ(
      message_of("a,b\n1,2,\n3,4,\n"),
      "table.csv: line 2 has 3 fields where the header has 2; the rows end with a separator that the header lacks: "
      "remove it, or add a column to the header");
}

TEST(csv_reader, unnamed_first_column_is_explained) {
  EXPECT_EQ(
      message_of("a,b\n0,1,2\n"),
      "table.csv: line 2 has 3 fields where the header has 2; the header names one column too few: name the first "
      "column too (it may be an index)");
}

TEST(csv_reader, open_quote_names_the_line_where_it_opens) {
  EXPECT_EQ(message_of("a,b\n1,\"x\ny,2\n3,4\n"),
            "table.csv: line 2: the quote that opens here is never closed; close it; the input may also be cut short");
  EXPECT_EQ(message_of("a,b\n\"1\n\",\"x\ny,2\n3,4\n"),
            "table.csv: line 3: the quote that opens here is never closed; close it; the input may also be cut short");
}

TEST(csv_reader, wrong_byte_names_line_field_byte_and_cure) {
  EXPECT_EQ(
      message_of("a,b\n1,2\nx,Aguascalient\xE9s\n"),
      "table.csv: line 3, field 2 (b): byte 0xE9 at byte 22 is not UTF-8; convert the text: iconv -f WINDOWS-1252 -t "
      "UTF-8 IN > OUT");
  EXPECT_NE(message_of("a\nx\xC3\n").find("byte 0xC3 at byte 3"), std::string::npos);
  EXPECT_NE(message_of("a\nx\xE2\x82").find("byte 0xE2 at byte 3"), std::string::npos);
  EXPECT_NE(message_of("a\n\xED\xA0\x80\n").find("byte 0xED"), std::string::npos);
  EXPECT_NE(message_of("a\n\xC0\x80\n").find("byte 0xC0"), std::string::npos);
}

TEST(csv_reader, wrong_byte_in_a_later_buffer_keeps_its_offset) {
  std::string text = "a,b\n";
  for (int i = 0; i < 1000; ++i) text += "1,2\n";
  text += "\xFF,3\n";
  EXPECT_NE(message_of(text, {.buffer_bytes = 64}).find("line 1002, field 1 (a): byte 0xFF at byte 4004 "),
            std::string::npos)
      << message_of(text, {.buffer_bytes = 64});
}

TEST(csv_reader, nul_byte_is_an_error) {
  EXPECT_EQ(
      message_of("a,b\n1,\0002\n"s),
      "table.csv: line 2, field 2 (b): a NUL byte at byte 6; it is not text, or it is UTF-16: convert it with iconv");
}

TEST(csv_reader, utf16_is_recognised) {
  EXPECT_EQ(message_of("\xFF\xFE"
                       "a\0"s),
            "table.csv: line 1: the text is UTF-16, not UTF-8; convert it: iconv -f UTF-16 -t UTF-8 IN > OUT");
}

TEST(csv_reader, row_over_the_limit_is_an_error) {
  const std::string long_field(300, 'x');
  EXPECT_EQ(message_of("a,b\n1," + long_field + "\n", {.buffer_bytes = 64, .row_limit_bytes = 256}),
            "table.csv: line 2: the row is longer than 256 bytes; check the line ends, or raise the limit");
  EXPECT_EQ(
      message_of("a,b\n1,\n1,\"" + long_field, {.buffer_bytes = 64, .row_limit_bytes = 256}),
      "table.csv: line 3: the row is longer than 256 bytes; a quote opens on line 3 and does not close: close it");
  EXPECT_EQ(read("a,b\n1," + long_field + "\n", {.buffer_bytes = 64, .row_limit_bytes = 512})[1][1], long_field);
}

TEST(csv_reader, header_alone_has_no_rows) {
  EXPECT_EQ(read("a,b\n"), (rows{{"a", "b"}}));
  EXPECT_EQ(read("a,b"), (rows{{"a", "b"}}));
}

TEST(csv_reader, missing_fields_are_empty) {
  EXPECT_EQ(read("a,b,c\n1\n1,2\n"), (rows{{"a", "b", "c"}, {"1", "", ""}, {"1", "2", ""}}));
}

TEST(csv_reader, all_line_ends_may_be_mixed) {
  EXPECT_EQ(read("a,b\r1,2\r\n3,4\n5,6"), (rows{{"a", "b"}, {"1", "2"}, {"3", "4"}, {"5", "6"}}));
  EXPECT_EQ(read("a,b\r1,2\r,3\r"), (rows{{"a", "b"}, {"1", "2"}, {"", "3"}}));
}

TEST(csv_reader, blank_lines_are_passed_over_but_an_empty_quoted_field_is_a_row) {
  EXPECT_EQ(read("\n a\n\n  \t\n1\n\"\"\n\r\n2\n"), (rows{{" a"}, {"1"}, {""}, {"2"}}));
}

TEST(csv_reader, quote_is_literal_but_at_the_begin_of_a_field) {
  EXPECT_EQ(read("a,b\nx\"y\"z, \"q\"\n"), (rows{{"a", "b"}, {"x\"y\"z", " \"q\""}}));
  EXPECT_EQ(read("a,b\n\"x\"y\"z,1\n"), (rows{{"a", "b"}, {"xy\"z", "1"}}));
  EXPECT_EQ(read("a,b\n\"\"\"\",\"\"\"x\"\"\"\n"), (rows{{"a", "b"}, {"\"", "\"x\""}}));
}

TEST(csv_reader, byte_order_mark_is_dropped_also_before_a_quote) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\n1,2\n"),
            (rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("\xEF\xBB\xBF\"a,b\",c\n1,2\n"), (rows{{"a,b", "c"}, {"1", "2"}}));
}

TEST(csv_reader, header_names_become_unique) {
  EXPECT_EQ(read("A,A,A\n")[0], (fields{"A", "A.1", "A.2"}));
  EXPECT_EQ(read("A,A,A.1\n")[0], (fields{"A", "A.2", "A.1"}));
  EXPECT_EQ(read("A,,B,\n")[0], (fields{"A", "Unnamed: 1", "B", "Unnamed: 3"}));
  EXPECT_EQ(read("A.1,A,A,A.1\n")[0], (fields{"A.1", "A", "A.2", "A.1.1"}));
}

TEST(csv_reader, other_delimiters) {
  EXPECT_EQ(read("a;b\n1,5;\"x;y\"\n", {.delimiter = ';'}), (rows{{"a", "b"}, {"1,5", "x;y"}}));
  EXPECT_EQ(read("a\tb\n\t\n1\t2\n", {.delimiter = '\t'}), (rows{{"a", "b"}, {"", ""}, {"1", "2"}}));
}

TEST(csv_reader, row_number_and_line_differ_after_blank_lines) {
  text_input source("a\n\n1\n\"2\n\"\n3\n");
  csv_reader reader(source);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.row_number(), 0u);
  EXPECT_EQ(reader.line(), 3u);
  ASSERT_TRUE(reader.next());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.row_number(), 2u);
  EXPECT_EQ(reader.line(), 6u);
  EXPECT_FALSE(reader.next());
}

TEST(csv_reader, appended_row_is_quoted_only_where_needed) {
  EXPECT_EQ(rewritten("a,b,c\n\"1\",\"x,y\",z\"\n\"q\"\"\",\"l\n\", s \n"),
            "1,\"x,y\",\"z\"\"\"\n\"q\"\"\",\"l\n\", s \n");
  EXPECT_EQ(rewritten("a;b;c\n1,5;2\n", {.delimiter = ';'}), "\"1,5\",2,\n");
  EXPECT_EQ(rewritten("a,b\r\n1\r\n"), "1,\n");
  EXPECT_EQ(rewritten("a\n\"\"\n\" \"\nx\n"), "\"\"\n\" \"\nx\n");
}

}  // namespace
