// SPDX-License-Identifier: MIT
// Finds where a CSV row ends and where its separators are. The scalar scan is the reference and knows every oddity;
// the others read 64 bytes at a time and leave an unusual row to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tequio/data/csv.hpp"

namespace tequio::data {

/// Bytes behind the data that a scan may load; their values do not matter.
inline constexpr std::size_t scan_padding = 64;

struct scan_request {
  const char* begin = nullptr;  ///< where the row begins
  std::size_t size = 0;         ///< bytes from there to the end of what was read
  bool at_end = false;          ///< nothing comes after them
  char delimiter = ',';
  std::uint32_t* separators = nullptr;  ///< receives the offsets of the first `wanted` separators
  std::size_t wanted = 0;
};

enum class scan_state {
  row,         ///< the whole row was there
  incomplete,  ///< more bytes are needed
  unusual,     ///< ask the scalar scan
  wrong_byte,  ///< `length` is the offset of a NUL or of bytes that are not UTF-8
  open_quote,  ///< the data ends in a quoted field; `length` is the offset of its quote
};

struct scanned_row {
  std::size_t length = 0;  ///< without the line end
  std::size_t next = 0;    ///< with it
  std::size_t fields = 1;
  std::size_t located = 0;  ///< separators written
  std::size_t lines = 0;    ///< line ends, also those in quotes
  bool quoted = false;      ///< holds a quote anywhere
};

using row_scan = scan_state (*)(const scan_request&, scanned_row&) noexcept;

[[nodiscard]] scan_state scan_row_scalar(const scan_request& request, scanned_row& row) noexcept;
[[nodiscard]] scan_state scan_row_sse2(const scan_request& request, scanned_row& row) noexcept;
[[nodiscard]] scan_state scan_row_avx2(const scan_request& request, scanned_row& row) noexcept;

/// The scan to try first; one that this processor lacks becomes the next best.
[[nodiscard]] row_scan scan_for(csv_scan wanted) noexcept;

}  // namespace tequio::data
