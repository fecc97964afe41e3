// SPDX-License-Identifier: MIT
// The lines of a census table as INEGI writes them: quotes, blanks, leading zeros and marks included.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "jobs/census/census_figures.hpp"

namespace tequio::jobs::census {

enum class row_kind : std::uint8_t { total, total_of_few_dwellings, locality };

/// Which figures a row shows: `*` stands for withheld ones, `N/D` for those that are not available.
enum class figures_shown : std::uint8_t { all, masked, not_available };

/// The fields of a line before its figures; `map` is longitude, latitude and altitude as written, two commas in totals.
struct row_place {
  std::uint32_t state_code = 0;
  std::string_view state{};
  std::uint32_t municipality_code = 0;
  std::string_view municipality{};
  std::uint32_t locality_code = 0;
  std::string_view locality{};
  std::string_view map = ",,";
};

/// The byte order mark of UTF-8 and the line of column names.
void append_header(std::string& text);

void append_line(std::string& text, const row_place& place, row_kind kind, const figures& row, figures_shown shown);

}  // namespace tequio::jobs::census
