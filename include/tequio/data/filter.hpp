// SPDX-License-Identifier: MIT
// The rows of a CSV stream that satisfy a query.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tequio/data/csv.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/input.hpp"
#include "tequio/data/query.hpp"
#include "tequio/data/rows.hpp"

namespace tequio::data {

/// The meaning of a field that is neither a number nor missing where a number is needed.
enum class mismatch {
  fails,     ///< an error of the table; so is the comparison of a column of numbers with a text such as '0'
  no_match,  ///< a missing value; a column compared with a text is compared as it is written
};

struct filter_options {
  csv_options csv{};
  std::vector<std::string> missing{};  ///< texts that stand for a missing value, besides pandas' own
  mismatch on_mismatch = mismatch::fails;
};

struct filter_result {
  row_block kept{};
  std::uint64_t rows_read = 0;
  std::vector<std::string> warnings{};  ///< divisions by zero: their number, and the first one's line
};

/// Reads a table to its end and keeps the rows that satisfy the query.
///
/// Errors:  format_error naming the source and line, from reading or from a field of the wrong kind; query_error for a
///          column that the table lacks. No partial result.
/// Exact:   numbers are correctly rounded; integers of up to 64 bits compare exactly.
[[nodiscard]] filter_result filter_table(input& source, const query& condition, const filter_options& options = {});

}  // namespace tequio::data
