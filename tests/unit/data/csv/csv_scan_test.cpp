// SPDX-License-Identifier: MIT
// Every scan gives the same rows, lines and errors as the scalar one, whatever the bytes, the buffer and the pieces.
#include "data/csv/csv_scan.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support/files/text_input.hpp"
#include "tequio/data/format_error.hpp"

namespace {

using tequio::data::csv_options;
using tequio::data::csv_reader;
using tequio::data::csv_scan;
using tequio::test::text_input;

/// Everything a reader tells of a text, as one text.
std::string account(const std::string& text, csv_options options, std::size_t piece_bytes) {
  std::string told;
  try {
    text_input source(text, piece_bytes);
    csv_reader reader(source, options);
    for (const std::string& column : reader.columns()) told += "[" + column + "]";
    reader.locate(reader.columns().size());
    std::string scratch;
    while (reader.next()) {
      told += "\n" + std::to_string(reader.line()) + " " + std::to_string(reader.row_number());
      for (std::size_t i = 0; i < reader.columns().size(); ++i)
        told.append("[").append(reader.field(i, scratch)).append("]");
      told += "\n";
      reader.append_row(told);
    }
  } catch (const tequio::data::format_error& failure) {
    told += failure.what();
  }
  return told;
}

class random_text {
 public:
  explicit random_text(unsigned seed) : m_random(seed) {}

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

  std::string make(const std::vector<std::string>& alphabet, std::size_t tokens) {
    std::string text;
    for (std::size_t i = 0; i < tokens; ++i) text += alphabet[below(alphabet.size())];
    return text;
  }

 private:
  std::mt19937 m_random;
};

// A wide header, so that rows of any width are read; or whatever comes.
const char* const headers[] = {"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t\n", ""};

const std::vector<std::vector<std::string>> alphabets = {
    {"a", ",", "\"", "\r", "\n", " ", "é"},
    {"a", "b", ",", ",", "\n", "\r\n", "\"x,\n\"", "\"\"\"\"", "\"é\""},
    {"abcdefgh", ",", "\r\n", "\"abc\r\ndef\"\"ghi,\"", "日本", "😄", ",\"\","},
    {"a", ",", "\n", "\xC3", "\xA9", "\xFF", "é"},
    {"aaaaaaaaaaaaaaa", ",", "\"", "\n"},
    {"ab", ",", "\n", "\"", "\r\n", std::string(1, '\0'), "cdefghijklmnopqrstuvwxyz", "é"},
};

TEST(csv_scan, every_scan_tells_the_same) {
  random_text random(20);
  for (int round = 0; round < 3000; ++round) {
    const std::string text =
        headers[random.below(2)] + random.make(alphabets[random.below(alphabets.size())], random.below(200));
    const std::string expected = account(text, {.scan = csv_scan::portable}, 1 << 16);
    for (const csv_scan scan : {csv_scan::sse2, csv_scan::avx2}) {
      ASSERT_EQ(account(text, {.scan = scan}, 1 << 16), expected) << "text: " << testing::PrintToString(text);
    }
  }
}

TEST(csv_scan, every_buffer_and_piece_size_tells_the_same) {
  random_text random(21);
  for (int round = 0; round < 60; ++round) {
    const std::string text = headers[random.below(2)] + random.make(alphabets[random.below(alphabets.size())], 200);
    const std::string expected = account(text, {.scan = csv_scan::portable}, 1 << 16);
    for (std::size_t size = 64; size < 200; ++size) {
      for (const csv_scan scan : {csv_scan::portable, csv_scan::fastest}) {
        ASSERT_EQ(account(text, {.buffer_bytes = size, .scan = scan}, 1 + random.below(size)), expected)
            << size << " text: " << testing::PrintToString(text);
      }
    }
  }
}

TEST(csv_scan, odd_bytes_at_every_place_of_a_block_tell_the_same) {
  for (const char* odd : {"\r", "\r\n", "\"", "\"\"", ",\"", "\",", ",\",\"", "é", "\xC3", "😄", "\n\r"}) {
    for (std::size_t at = 0; at < 140; ++at) {
      const std::string text = headers[0] + std::string(at, 'x') + odd + "y,z\n1,\"2\"\n";
      const std::string expected = account(text, {.scan = csv_scan::portable}, 1 << 16);
      for (const csv_scan scan : {csv_scan::sse2, csv_scan::avx2}) {
        ASSERT_EQ(account(text, {.scan = scan}, 1 << 16), expected) << "text: " << testing::PrintToString(text);
      }
    }
  }
}

// All fields of all rows, and the rows as they are written again.
std::string fields_of(const std::string& text, std::string& written) {
  text_input source(text);
  csv_reader reader(source);
  reader.locate(reader.columns().size());
  std::string told;
  std::string scratch;
  while (reader.next()) {
    for (std::size_t i = 0; i < reader.columns().size(); ++i) told.append(reader.field(i, scratch)).append("|");
    told += "\n";
    reader.append_row(written);
  }
  return told;
}

TEST(csv_scan, rows_that_were_written_read_back_the_same) {
  random_text random(22);
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string header = random.below(2) ? "a\n" : "a,b,c,d,e,f,g,h\n";
    const std::string text = header + random.make(alphabets[random.below(3)], random.below(60));
    try {
      std::string written = header;
      std::string again = header;
      const std::string fields = fields_of(text, written);
      ASSERT_EQ(fields_of(written, again), fields) << testing::PrintToString(text);
      ASSERT_EQ(again, written) << testing::PrintToString(text);
      ++read;
    } catch (const tequio::data::format_error&) {  // too wide, or an open quote
    }
  }
  EXPECT_GT(read, 300);
}

TEST(csv_scan, only_the_wanted_separators_are_located) {
  const std::string text = "a,b,c,d,e\n" + std::string(tequio::data::scan_padding, ' ');
  for (const auto scan : {csv_scan::portable, csv_scan::sse2, csv_scan::avx2}) {
    std::uint32_t separators[2] = {};
    tequio::data::scanned_row row;
    ASSERT_EQ(
        tequio::data::scan_for(scan)({.begin = text.data(), .size = 10, .separators = separators, .wanted = 2}, row),
        tequio::data::scan_state::row);
    EXPECT_EQ(row.located, 2u);
    EXPECT_EQ(row.fields, 5u);
    EXPECT_EQ(separators[1], 3u);
  }
}

}  // namespace
