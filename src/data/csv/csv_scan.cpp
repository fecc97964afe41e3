// SPDX-License-Identifier: MIT
#include "data/csv/csv_scan.hpp"

#include "base/instruction_set.hpp"
#include "base/utf8.hpp"

namespace tequio::data {
namespace {

enum class place { field_begin, field, quoted, quote_in_quoted };

// One byte at a time; `m_place` is where the next byte stands.
class scalar_scan {
 public:
  scalar_scan(const scan_request& request, scanned_row& row) noexcept : m_in(request), m_row(row) { m_row = {}; }

  scan_state run() noexcept {
    while (m_at < m_in.size) {
      const char c = m_in.begin[m_at];
      if (c == '\0') return stop_at(scan_state::wrong_byte, m_at);
      if (static_cast<unsigned char>(c) >= 0x80) {
        const utf8::checked found = utf8::check(m_in.begin + m_at, m_in.size - m_at);
        if (found.state == utf8::sequence::cut && !m_in.at_end) return scan_state::incomplete;
        if (found.state != utf8::sequence::whole) return stop_at(scan_state::wrong_byte, m_at);
        if (m_place != place::quoted) m_place = place::field;
        m_at += found.length;
        continue;
      }
      if (c == '\r' && m_at + 1 == m_in.size && !m_in.at_end) return scan_state::incomplete;
      if (step(c)) return scan_state::row;
    }
    return end();
  }

 private:
  // True when the row is over.
  bool step(char c) noexcept {
    const std::size_t end_bytes = line_end_bytes(c);
    m_row.lines += end_bytes != 0;
    if (c == '"') m_row.quoted = true;
    if (m_place == place::quoted) {
      if (c == '"') m_place = place::quote_in_quoted;
      m_at += end_bytes ? end_bytes : 1;
      return false;
    }
    if (end_bytes) {
      m_row.length = m_at;
      m_row.next = m_at + end_bytes;
      return true;
    }
    if (c == m_in.delimiter) {
      if (m_row.located < m_in.wanted) m_in.separators[m_row.located++] = static_cast<std::uint32_t>(m_at);
      ++m_row.fields;
      m_place = place::field_begin;
    } else if (c == '"' && m_place != place::field) {
      if (m_place == place::field_begin) m_opened = m_at;
      m_place = place::quoted;
    } else {
      m_place = place::field;
    }
    ++m_at;
    return false;
  }

  std::size_t line_end_bytes(char c) const noexcept {
    if (c == '\n') return 1;
    if (c != '\r') return 0;
    return m_at + 1 < m_in.size && m_in.begin[m_at + 1] == '\n' ? 2 : 1;
  }

  scan_state end() noexcept {
    if (!m_in.at_end) return scan_state::incomplete;
    if (m_place == place::quoted) return stop_at(scan_state::open_quote, m_opened);
    m_row.length = m_row.next = m_in.size;
    return scan_state::row;
  }

  scan_state stop_at(scan_state state, std::size_t at) noexcept {
    m_row.length = at;
    return state;
  }

  const scan_request& m_in;
  scanned_row& m_row;
  std::size_t m_at = 0;
  std::size_t m_opened = 0;
  place m_place = place::field_begin;
};

}  // namespace

scan_state scan_row_scalar(const scan_request& request, scanned_row& row) noexcept {
  return scalar_scan(request, row).run();
}

row_scan scan_for(csv_scan wanted) noexcept {
#if defined(__x86_64__)
  if (wanted == csv_scan::portable) return scan_row_scalar;
  static const bool avx2 = detail::best_instruction_set() >= detail::instruction_set::avx2;
  return avx2 && wanted != csv_scan::sse2 ? scan_row_avx2 : scan_row_sse2;
#else
  static_cast<void>(wanted);
  return scan_row_scalar;
#endif
}

}  // namespace tequio::data
