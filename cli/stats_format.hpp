// SPDX-License-Identifier: MIT
// Statistics as a table for people, or as CSV or JSON for programs.
#pragma once

#include <functional>
#include <string_view>

#include "tequio/jobs/stats.hpp"

namespace tequio::cli {

using text_sink = std::function<void(std::string_view)>;

enum class stats_format {
  table,  ///< aligned; the last line is all files together
  csv,    ///< header source,dtype,shape,count,nan_count,sum,mean,std,min,max; numbers in the shortest form that reads
          ///< back to the same bits; shape as 5x2x5
  json,   ///< a list of objects with these keys; NaN is null, an infinity "inf" or "-inf", a complex number "1+2j"
};

/// Hands out the report in pieces.
///
/// @param with_total adds the line of all files together to csv and json.
void write_stats(const jobs::stats_report& report, stats_format format, bool with_total, const text_sink& write);

}  // namespace tequio::cli
