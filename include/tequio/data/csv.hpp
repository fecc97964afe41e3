// SPDX-License-Identifier: MIT
// Reads a CSV stream row by row over one fixed buffer, as pandas' `read_csv` understands the format.
// Fields are found lazily: only the columns asked for with `locate` are split, the others are counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/data/format_error.hpp"
#include "tequio/data/input.hpp"

namespace tequio::data {

/// Which code looks for separators: all give the same rows; `fastest` is what this processor can do.
enum class csv_scan { fastest, portable, sse2, avx2 };

struct csv_options {
  char delimiter = ',';
  std::size_t buffer_bytes = std::size_t{256} << 10;    ///< grows only for a row that is longer
  std::size_t row_limit_bytes = std::size_t{64} << 20;  ///< a longer row is an error; at most 4 GiB
  csv_scan scan = csv_scan::fastest;
};

/// The rows of a CSV stream.
///
/// Rows end with LF, CRLF or a lone CR; blank lines are passed over; a quote opens a field only at its beginning and is
/// doubled inside; a byte order mark is dropped. Repeated names become `A`, `A.1`, an empty one `Unnamed: 1`.
/// A row with fewer fields than the header has empty ones at its end.
///
/// Errors:  format_error naming the source, the line and the cure: no header, a row with more fields than the header,
///          a quote left open, bytes that are not UTF-8, a NUL, a row over the limit. Nothing can be read after one.
/// Safety:  one thread; the input must outlive the reader.
class csv_reader {
 public:
  /// Reads the header.
  explicit csv_reader(input& source, csv_options options = {});

  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return m_columns; }

  /// From the next row on, `field` may be asked for the first `count` columns.
  void locate(std::size_t count);

  /// Steps to the next row; false at the end.
  [[nodiscard]] bool next();

  /// The text of a field, unquoted; empty where the row has too few.
  ///
  /// @param scratch holds the text where quotes had to be taken out; the result is valid until it or the row changes.
  [[nodiscard]] std::string_view field(std::size_t column, std::string& scratch) const;

  /// Appends the whole row, comma-separated and quoted only where needed, with a line feed.
  void append_row(std::string& to);

  /// Counted from 0, without blank lines.
  [[nodiscard]] std::uint64_t row_number() const noexcept { return m_rows - 1; }
  /// The line in which the row begins, from 1.
  [[nodiscard]] std::uint64_t line() const noexcept { return m_line; }
  [[nodiscard]] const std::string& name() const noexcept { return m_source->name(); }

 private:
  enum class stop { row, more, end };

  [[nodiscard]] bool next_row();
  [[nodiscard]] stop scan_row();
  void locate_all();
  void append_fields(std::string& to);
  void append_requoted(std::string& to);
  void refill();
  void read_header();
  void check_width() const;
  [[noreturn]] void fail(std::string problem, std::string cure) const;
  [[noreturn]] void fail_wrong_byte(std::size_t at) const;
  [[noreturn]] void fail_open_quote(std::size_t at) const;
  [[noreturn]] void fail_long_row() const;
  [[nodiscard]] std::uint64_t line_at(std::size_t at) const;
  [[nodiscard]] std::string_view row() const noexcept { return {m_buffer.data() + m_begin, m_length}; }

  input* m_source;
  csv_options m_options;
  std::vector<std::string> m_columns;
  std::vector<char> m_buffer;   ///< followed by scan_padding bytes that are never data
  std::size_t m_begin = 0;      ///< of the row, in the buffer
  std::size_t m_next = 0;       ///< of the row after it
  std::size_t m_end = 0;        ///< of what was read
  std::uint64_t m_dropped = 0;  ///< bytes of the stream before the buffer
  bool m_ended = false;         ///< the input has no more
  std::size_t m_length = 0;     ///< of the row, without its line end
  std::size_t m_fields = 0;
  std::size_t m_located = 0;                ///< separators of this row that are known
  bool m_quoted = false;                    ///< the row holds a quote
  std::size_t m_wanted = 0;                 ///< separators to look for in each row
  std::vector<std::uint32_t> m_separators;  ///< their offsets in the row
  std::uint64_t m_line = 1;
  std::uint64_t m_next_line = 1;
  std::uint64_t m_rows = 0;
};

/// Appends a field in the form `csv_reader` reads back as the same text: in quotes only where that is needed.
void append_csv_field(std::string& to, std::string_view text);

}  // namespace tequio::data
