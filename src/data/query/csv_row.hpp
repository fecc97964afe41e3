// SPDX-License-Identifier: MIT
// The current row of a CSV reader as an expression sees it: cells of text, decoded only when they are read, as numbers,
// texts or conditions. A cell of the wrong kind is an error of the table, or no match if the options say so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv/missing.hpp"
#include "expr/interpret.hpp"
#include "tequio/data/csv.hpp"
#include "tequio/data/filter.hpp"

namespace tequio::data {

class csv_row {
 public:
  /// The plan and the reader must outlive it.
  csv_row(const expr::plan& plan, const csv_reader& reader, const filter_options& options);

  [[nodiscard]] bool truth_at(const expr::truth_column& step);
  [[nodiscard]] expr::number number_at(const expr::number_column& step);
  [[nodiscard]] expr::text_value text_at(const expr::text_column& step, std::string& scratch);
  [[nodiscard]] bool compare(const expr::cell_comparison& step);
  [[nodiscard]] std::uint64_t index() const noexcept { return m_reader.row_number(); }
  void note_zero_division();

  /// Adds the warnings of the whole table; to be called after the last row.
  ///
  /// Errors:  format_error if a column that holds only numbers was compared with a text that looks like one, or ordered
  ///          by a text.
  void finish(std::vector<std::string>& warnings) const;

 private:
  enum class seen : std::uint8_t { nothing, numbers, text };

  void note_kind(seen& kind, std::string_view field) const;
  [[noreturn]] void fail_number(const expr::number_column& step, std::string_view field) const;
  [[noreturn]] void fail(std::uint32_t column, std::string_view field, std::string_view problem, std::string cure,
                         hint remedy = {}) const;

  const expr::plan& m_plan;
  const csv_reader& m_reader;
  missing_texts m_missing;
  mismatch m_on_mismatch;
  std::string m_scratch;        // of the field that is read
  std::string m_other_scratch;  // of the one it is compared with
  std::vector<seen> m_seen;     // per kind check of the plan
  std::uint64_t m_zero_divisions = 0;
  std::uint64_t m_first_zero_division = 0;  // its line
};

}  // namespace tequio::data
