// SPDX-License-Identifier: MIT
#include "tequio/jobs/query.hpp"

#include <utility>

namespace tequio::jobs {

query_report query(any_engine& crew, std::span<const data::source> sources, const data::query& condition,
                   const query_options& options) {
  map_options run = options.run;
  if (run.chunk == 0) run.chunk = 1;  // tables are few and large
  auto outcomes = crew.try_map(sources, run, [&](const data::source& from) {
    const auto table = data::open_table(from, options.open);
    return data::filter_table(*table, condition, options.filter);
  });
  query_report report;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i]) {
      report.failures.push_back({sources[i].label, outcomes[i].failure()});
      continue;
    }
    data::filter_result& found = *outcomes[i];
    report.rows_read += found.rows_read;
    report.rows_kept += found.kept.row_count;
    report.tables.push_back(std::move(found.kept));
    for (std::string& warning : found.warnings) report.warnings.push_back(std::move(warning));
  }
  return report;
}

}  // namespace tequio::jobs
