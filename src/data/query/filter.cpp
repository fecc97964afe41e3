// SPDX-License-Identifier: MIT
#include "tequio/data/filter.hpp"

#include <fmt/format.h>

#include "data/query/csv_row.hpp"
#include "expr/bind.hpp"
#include "expr/interpret.hpp"
#include "expr/wording.hpp"

namespace tequio::data {
namespace {

// Every column is of cells. A header of one field that holds a separator tells that the delimiter is wrong: the error
// of an unknown name says so.
expr::schema schema_of(const csv_reader& reader) {
  expr::schema schema{.name = reader.name()};
  for (const std::string& name : reader.columns()) schema.columns.push_back({.name = name});
  if (reader.columns().size() == 1) {
    const std::string& header = reader.columns().front();
    if (const std::size_t at = header.find_first_of(";\t"); at != std::string::npos) {
      schema.unknown_name_cure = fmt::format("its header is one field, {}", expr::shown(header));
      schema.unknown_name_hint = {hint_kind::delimiter, header.substr(at, 1)};
    }
  }
  return schema;
}

}  // namespace

filter_result filter_table(input& source, const query& condition, const filter_options& options) {
  csv_reader reader(source, options.csv);
  const expr::plan plan = bind_condition(condition.tree(), schema_of(reader));
  reader.locate(plan.column_count);
  csv_row row(plan, reader, options);
  expr::interpreter interpreter(plan, row);
  filter_result result{.kept = {.columns = reader.columns()}};
  while (reader.next()) {
    ++result.rows_read;
    if (!interpreter.test()) continue;
    reader.append_row(result.kept.rows);
    ++result.kept.row_count;
  }
  row.finish(result.warnings);
  return result;
}

}  // namespace tequio::data
