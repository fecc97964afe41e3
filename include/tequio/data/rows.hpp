// SPDX-License-Identifier: MIT
// Rows that were kept of a table, as CSV text in one canonical form, and how those of many tables are joined.
// Compact and plain: writing them costs a copy, and `row_cursor` splits them into fields again.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::data {

/// Rows of one table.
struct row_block {
  std::vector<std::string> columns{};
  std::string rows{};  ///< each row: all fields with their original text, commas between, quotes only where needed, LF
  std::uint64_t row_count = 0;
};

/// Steps through the rows of a block.
///
/// Safety:  the block must outlive the cursor and stay as it is.
class row_cursor {
 public:
  explicit row_cursor(const row_block& block);

  /// Steps to the next row; false at the end.
  [[nodiscard]] bool next();

  [[nodiscard]] std::span<const std::string> fields() const noexcept { return m_fields; }

 private:
  std::string_view m_rest;
  std::vector<std::string> m_fields;
};

/// Names of all columns, in the order in which they are first met.
[[nodiscard]] std::vector<std::string> joined_columns(std::span<const row_block> blocks);

/// Hands out the header and then the rows of all blocks, in pieces; a column that a block lacks is empty there.
void write_csv(std::span<const row_block> blocks, const std::function<void(std::string_view)>& write);

/// The rows of all blocks as one, as pandas' `concat` joins them.
[[nodiscard]] row_block join(std::span<const row_block> blocks);

}  // namespace tequio::data
