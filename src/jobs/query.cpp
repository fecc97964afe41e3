// SPDX-License-Identifier: MIT
#include "tequio/jobs/query.hpp"

#include <utility>

#include "tequio/bind_values.hpp"

namespace tequio::jobs {
namespace {

data::filter_result filtered(const data::query& condition, const data::open_options& open,
                             const data::filter_options& filter, const data::source& from) {
  const auto table = data::open_table(from, open);
  return data::filter_table(*table, condition, filter);
}

}  // namespace

query_report query(any_engine& crew, std::span<const data::source> sources, const data::query& condition,
                   const query_options& options) {
  map_options run = options.run;
  if (run.chunk == 0) run.chunk = 1;  // tables are few and large
  // values instead of captures: an engine may have to send them to its workers
  auto outcomes = crew.try_map(sources, run, bind_values(&filtered, condition, options.open, options.filter));
  query_report report;
  split(std::move(outcomes), sources, &data::source::label, report.failures, [&](data::filter_result found) {
    report.rows_read += found.rows_read;
    report.rows_kept += found.kept.row_count;
    report.tables.push_back(std::move(found.kept));
    for (std::string& warning : found.warnings) report.warnings.push_back(std::move(warning));
  });
  return report;
}

}  // namespace tequio::jobs
