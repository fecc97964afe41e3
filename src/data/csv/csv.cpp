// SPDX-License-Identifier: MIT
#include "tequio/data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "data/csv/csv_scan.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t largest_row = 0xFFFF'FF00;  // offsets in a row have 32 bits
constexpr std::size_t smallest_buffer = 64;

bool is_blank(std::string_view text, char delimiter) noexcept {
  return std::all_of(text.begin(), text.end(), [&](char c) { return (c == ' ' || c == '\t') && c != delimiter; });
}

/// `A,A,` becomes `A`, `A.1`, `Unnamed: 2`, as pandas does; a name made so never meets another of the header.
std::vector<std::string> unique_column_names(std::vector<std::string> header) {
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string, std::size_t> next_suffix;
  for (const std::string& name : header) taken.insert(name);
  std::unordered_set<std::string> used;
  const auto settle = [&](std::string& name) {
    if (used.insert(name).second) return;
    std::size_t& suffix = next_suffix.try_emplace(name, 1).first->second;
    std::string tried;
    do tried = fmt::format("{}.{}", name, suffix++);
    while (!taken.insert(tried).second);
    used.insert(tried);
    name = tried;
  };
  for (std::string& name : header) {
    if (!name.empty()) settle(name);
  }
  for (std::size_t i = 0; i < header.size(); ++i) {  // after the others, which keep their names
    if (!header[i].empty()) continue;
    header[i] = fmt::format("Unnamed: {}", i);
    settle(header[i]);
  }
  return header;
}

}  // namespace

csv_reader::csv_reader(input& source, csv_options options) : m_source(&source), m_options(options) {
  m_options.row_limit_bytes = std::clamp(m_options.row_limit_bytes, smallest_buffer, largest_row);
  const std::size_t size = std::clamp(m_options.buffer_bytes, smallest_buffer, m_options.row_limit_bytes);
  m_buffer.resize(size + scan_padding);
  read_header();
}

void csv_reader::locate(std::size_t count) {
  m_wanted = count;
  if (m_separators.size() < count) m_separators.resize(count);
}

bool csv_reader::next() {
  if (!next_row()) return false;
  ++m_rows;
  if (m_fields > m_columns.size()) check_width();
  return true;
}

bool csv_reader::next_row() {
  for (;;) {
    m_begin = m_next;
    m_line = m_next_line;
    switch (scan_row()) {
      case stop::end:
        return false;
      case stop::more:
        refill();
        break;
      case stop::row:
        if (m_fields > 1 || m_quoted || !is_blank(row(), m_options.delimiter)) return true;
    }
  }
}

csv_reader::stop csv_reader::scan_row() {
  const std::size_t size = m_end - m_begin;
  if (size == 0) return m_ended ? stop::end : stop::more;
  const scan_request request{.begin = m_buffer.data() + m_begin,
                             .size = size,
                             .at_end = m_ended,
                             .delimiter = m_options.delimiter,
                             .separators = m_separators.data(),
                             .wanted = m_wanted};
  scanned_row found;
  scan_state state = scan_for(m_options.scan)(request, found);
  if (state == scan_state::unusual) state = scan_row_scalar(request, found);
  if (state == scan_state::incomplete) return stop::more;
  if (state == scan_state::wrong_byte) fail_wrong_byte(m_begin + found.length);
  if (state == scan_state::open_quote) fail_open_quote(m_begin + found.length);
  m_length = found.length;
  m_fields = found.fields;
  m_located = found.located;
  m_quoted = found.quoted;
  m_next = m_begin + found.next;
  m_next_line = m_line + found.lines;
  return stop::row;
}

// Moves the row that is not whole to the front and fills the rest.
void csv_reader::refill() {
  const std::size_t kept = m_end - m_begin;
  std::size_t capacity = m_buffer.size() - scan_padding;
  if (kept == capacity) {
    if (capacity >= m_options.row_limit_bytes) fail_long_row();
    capacity = std::min(capacity * 2, m_options.row_limit_bytes);
    m_buffer.resize(capacity + scan_padding);
  }
  std::memmove(m_buffer.data(), m_buffer.data() + m_begin, kept);
  m_dropped += m_begin;
  m_begin = m_next = 0;
  m_end = kept;
  const std::span<std::byte> space = std::as_writable_bytes(std::span(m_buffer).first(capacity));
  while (m_end < capacity && !m_ended) {
    const std::size_t count = m_source->read(space.subspan(m_end));
    m_ended = count == 0;
    m_end += count;
  }
}

void csv_reader::read_header() {
  refill();
  if (std::string_view(m_buffer.data(), m_end).starts_with(byte_order_mark)) m_next = byte_order_mark.size();
  if (!next_row()) {
    throw format_error(
        {.object = name(), .problem = "empty: no header", .cure = "the first line must name the columns"});
  }
  locate_all();
  std::string scratch;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < m_fields; ++i) names.emplace_back(field(i, scratch));
  m_columns = unique_column_names(std::move(names));
}

void csv_reader::locate_all() {
  if (m_located + 1 >= m_fields) return;
  const std::size_t wanted = m_wanted;
  locate(m_fields - 1);
  static_cast<void>(scan_row());
  m_wanted = wanted;
}

std::string_view csv_reader::field(std::size_t column, std::string& scratch) const {
  if (column >= m_fields) return {};
  const std::size_t begin = column == 0 ? 0 : m_separators[column - 1] + std::size_t{1};
  const std::size_t end = column < m_located ? m_separators[column] : m_length;
  const std::string_view text = row().substr(begin, end - begin);
  if (!text.starts_with('"')) return text;
  scratch.clear();
  std::size_t at = 1;
  for (;;) {  // pieces of quoted text between doubled quotes, then what follows the closing quote as it is
    const std::size_t quote = text.find('"', at);
    scratch.append(text, at, quote - at);
    if (quote + 1 >= text.size() || text[quote + 1] != '"') return scratch.append(text.substr(quote + 1));
    scratch.push_back('"');
    at = quote + 2;
  }
}

void csv_reader::append_row(std::string& to) {
  const std::size_t begin = to.size();
  if (m_options.delimiter != ',') {
    append_fields(to);
  } else if (m_quoted) {
    append_requoted(to);
  } else {
    to.append(row());
  }
  to.append(m_columns.size() - m_fields, ',');
  const bool looks_blank = m_columns.size() == 1 && is_blank(std::string_view(to).substr(begin), ',');
  if (looks_blank) to.insert(begin, 1, '"').push_back('"');
  to.push_back('\n');
}

void csv_reader::append_fields(std::string& to) {
  locate_all();
  std::string scratch;
  for (std::size_t i = 0; i < m_fields; ++i) {
    if (i > 0) to.push_back(',');
    append_csv_field(to, field(i, scratch));
  }
}

// Copies what stands between the fields that hold quotes as it is.
void csv_reader::append_requoted(std::string& to) {
  locate_all();
  const std::string_view text = row();
  const auto last = m_separators.begin() + static_cast<std::ptrdiff_t>(m_fields - 1);
  std::string scratch;
  std::size_t copied = 0;
  for (auto after = m_separators.begin();;) {
    const std::size_t quote = text.find('"', copied);
    to.append(text.substr(copied, quote - copied));
    if (quote == std::string_view::npos) return;
    after = std::upper_bound(after, last, quote);
    const std::size_t column = static_cast<std::size_t>(after - m_separators.begin());
    to.resize(to.size() - (quote - (column == 0 ? 0 : m_separators[column - 1] + std::size_t{1})));
    append_csv_field(to, field(column, scratch));
    copied = after == last ? text.size() : *after;
  }
}

void append_csv_field(std::string& to, std::string_view text) {
  const bool plain =
      std::none_of(text.begin(), text.end(), [](char c) { return c == ',' || c == '"' || c == '\n' || c == '\r'; });
  if (plain) {
    to.append(text);
    return;
  }
  to.push_back('"');
  for (const char c : text) {
    if (c == '"') to.push_back('"');
    to.push_back(c);
  }
  to.push_back('"');
}

}  // namespace tequio::data
