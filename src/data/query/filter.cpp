// SPDX-License-Identifier: MIT
#include "tequio/data/filter.hpp"

#include "data/query/csv_row.hpp"
#include "expr/plan.hpp"

namespace tequio::data {

filter_result filter_table(input& source, const query& condition, const filter_options& options) {
  csv_reader reader(source, options.csv);
  const query_plan plan = bind_query(condition.tree(), reader.columns(), source.name());
  reader.locate(plan.located_columns);
  query_evaluator evaluator(plan, reader, options);
  filter_result result{.kept = {.columns = reader.columns()}};
  while (reader.next()) {
    ++result.rows_read;
    if (!evaluator.test()) continue;
    reader.append_row(result.kept.rows);
    ++result.kept.row_count;
  }
  evaluator.finish(result.warnings);
  return result;
}

}  // namespace tequio::data
