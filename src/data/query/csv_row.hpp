// SPDX-License-Identifier: MIT
// Evaluates a plan on the current row of a reader, decoding only the fields it comes to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv/missing.hpp"
#include "expr/plan.hpp"
#include "tequio/data/csv.hpp"
#include "tequio/data/filter.hpp"

namespace tequio::data {

class query_evaluator {
 public:
  query_evaluator(const query_plan& plan, const csv_reader& reader, const filter_options& options);

  /// Whether the reader's row satisfies the condition.
  [[nodiscard]] bool test() { return truth(m_plan.root); }

  /// What can only be said after the last row.
  ///
  /// Errors:  format_error if a column that holds only numbers was compared with a text that looks like one, or ordered
  /// by a text.
  void finish(std::vector<std::string>& warnings) const;

 private:
  struct text {
    std::string_view view{};
    bool missing = false;
  };

  [[nodiscard]] bool truth(step_id id);
  [[nodiscard]] number number_of(step_id id);
  [[nodiscard]] text text_of(step_id id);

  [[nodiscard]] bool truth_column(const step& s, step_id id);
  [[nodiscard]] bool compare_texts(const step& s, step_id id);
  [[nodiscard]] bool compare_columns(const step& s);
  [[nodiscard]] bool text_in(const step& s, step_id id);
  [[nodiscard]] bool matches(const step& s);
  [[nodiscard]] number number_column(const step& s, step_id id);
  [[nodiscard]] number arithmetic_of(const step& s);
  [[nodiscard]] number divided_by_zero();
  void note_kind(step_id id, std::string_view field);
  [[noreturn]] void fail_number(const step& s, std::string_view field) const;
  [[noreturn]] void fail(std::uint32_t column, std::string_view field, std::string_view problem, std::string cure,
                         hint remedy = {}) const;

  const query_plan& m_plan;
  const csv_reader& m_reader;
  missing_texts m_missing;
  mismatch m_on_mismatch;
  std::vector<std::string> m_scratch;  // one for each step
  enum class seen { nothing, numbers, text };
  std::vector<seen> m_seen;  // by steps that note it
  std::uint64_t m_zero_divisions = 0;
  std::uint64_t m_first_zero_division = 0;  // its line
};

}  // namespace tequio::data
