// SPDX-License-Identifier: MIT
// What a csv_reader says of bad input: where it is, what it is, what to do.
#include <fmt/format.h>

#include "data/csv/csv_scan.hpp"
#include "tequio/data/csv.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {

void csv_reader::fail(std::string problem, std::string cure) const {
  throw format_error({.object = name(), .problem = std::move(problem), .cure = std::move(cure)});
}

// The line of a place in this row, whose quotes may hold line ends.
std::uint64_t csv_reader::line_at(std::size_t at) const {
  std::uint64_t line = m_line;
  for (std::size_t i = m_begin; i < at; ++i) {
    const char c = m_buffer[i];
    line += c == '\n' || (c == '\r' && m_buffer[i + 1] != '\n');
  }
  return line;
}

void csv_reader::check_width() const {
  const std::size_t expected = m_columns.size();
  const std::string problem = fmt::format("line {} has {} fields where the header has {}", m_line, m_fields, expected);
  if (m_rows == 1 && m_fields == expected + 1) {
    fail(problem, row().ends_with(m_options.delimiter)
                      ? "the rows end with a separator that the header lacks: remove it, or add a column to the header"
                      : "the header names one column too few: name the first column too (it may be an index)");
  }
  fail(problem, fmt::format("quote a field that holds '{}'", m_options.delimiter));
}

void csv_reader::fail_wrong_byte(std::size_t at) const {
  scanned_row before;
  static_cast<void>(scan_row_scalar(
      {.begin = m_buffer.data() + m_begin, .size = at - m_begin, .at_end = true, .delimiter = m_options.delimiter},
      before));
  std::string place = fmt::format("line {}, field {}", line_at(at), before.fields);
  if (before.fields <= m_columns.size()) place += fmt::format(" ({})", m_columns[before.fields - 1]);
  const unsigned byte = static_cast<unsigned char>(m_buffer[at]);
  const std::uint64_t offset = m_dropped + at;
  if (offset == 0 && (byte == 0xFF || byte == 0xFE)) {
    fail("line 1: the text is UTF-16, not UTF-8", "convert it: iconv -f UTF-16 -t UTF-8 IN > OUT");
  }
  if (byte == 0)
    fail(fmt::format("{}: a NUL byte at byte {}", place, offset),
         "it is not text, or it is UTF-16: convert it with iconv");
  fail(fmt::format("{}: byte 0x{:02X} at byte {} is not UTF-8", place, byte, offset),
       "convert the text: iconv -f WINDOWS-1252 -t UTF-8 IN > OUT");
}

void csv_reader::fail_open_quote(std::size_t at) const {
  fail(fmt::format("line {}: the quote that opens here is never closed", line_at(at)),
       "close it; the input may also be cut short");
}

void csv_reader::fail_long_row() const {
  scanned_row row;
  const scan_state state = scan_row_scalar(
      {.begin = m_buffer.data() + m_begin, .size = m_end - m_begin, .at_end = true, .delimiter = m_options.delimiter},
      row);
  const std::string problem =
      fmt::format("line {}: the row is longer than {} bytes", m_line, m_options.row_limit_bytes);
  if (state == scan_state::open_quote) {
    fail(problem, fmt::format("a quote opens on line {} and does not close: close it", line_at(m_begin + row.length)));
  }
  fail(problem, "check the line ends, or raise the limit");
}

}  // namespace tequio::data
