// SPDX-License-Identifier: MIT
// The meaning of a name: a column, the row's number, a constant.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "expr/binder.hpp"
#include "expr/wording.hpp"

namespace tequio::expr {

binder::named binder::predefined(std::string_view name) {
  if (name == "index" || name == "ilevel_0") return named::index;
  if (name == "inf" || name == "Inf") return named::infinity;
  if (name == "nan" || name == "NaN") return named::nan;
  return named::nothing;
}

binder::named binder::resolve(const node& name) const {
  if (!m_schema || m_column_of.contains(name.text)) return named::column;
  const named meaning = predefined(name.text);
  if (meaning == named::nothing) fail_unknown(name, {});
  return meaning;
}

bool binder::is_unknown(const std::string& name) const {
  return m_schema && !m_column_of.contains(name) && predefined(name) == named::nothing;
}

value_type binder::type_of_name(const node& name) const {
  if (resolve(name) != named::column) return value_type::number;
  switch (m_schema ? m_schema->columns[m_column_of.at(name.text)].type : column_type::cell) {
    case column_type::cell:
      return value_type::cell;
    case column_type::number:
      return value_type::number;
    case column_type::text:
      return value_type::text;
    case column_type::truth:
      break;
  }
  return value_type::truth;
}

std::uint32_t binder::read_column(const node& name) {
  m_reads_the_table = true;
  const std::uint32_t column = m_schema ? m_column_of.at(name.text) : 0;
  m_plan.column_count = std::max<std::size_t>(m_plan.column_count, column + 1);
  return column;
}

number_id binder::number_named(const node& name) {
  switch (resolve(name)) {
    case named::column:
      if (const value_type type = type_of_name(name); type != value_type::cell && type != value_type::number)
        fail_number(id_of(&name));
      return add(number_column{.column = read_column(name)});
    case named::index:
      m_reads_the_table = true;
      return add(row_index{});
    case named::infinity:
      return add(number_constant{number::real(std::numeric_limits<double>::infinity())});
    case named::nan:
    case named::nothing:
      break;
  }
  return add(number_constant{});
}

// A column of cells that is compared with a text in a way that makes no sense if it holds only numbers.
text_id binder::checked_column(const node& name, const std::string& text) {
  const std::uint32_t column = read_column(name);
  m_plan.kind_checks.push_back({column, text});
  return add(text_column{.column = column, .kind_check = static_cast<std::uint32_t>(m_plan.kind_checks.size() - 1)});
}

void binder::fail_unknown(const node& name, const std::string& other_meaning) const {
  std::vector<std::string> columns;
  for (const column& each : m_schema->columns) columns.push_back(each.name);
  const std::vector<std::string> near = nearest_names(name.text, columns);
  const std::size_t first = std::min<std::size_t>(columns.size(), 8);
  const auto listed = [](auto begin, auto end) { return fmt::format("{}", fmt::join(begin, end, ", ")); };
  std::string cure = m_schema->unknown_name_cure;
  if (cure.empty() && !near.empty()) {
    cure = fmt::format("did you mean {}?", listed(near.begin(), near.end()));
  } else if (cure.empty()) {
    cure = fmt::format("it has {} column{}: {}{}", columns.size(), columns.size() == 1 ? "" : "s",
                       listed(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(first)),
                       first < columns.size() ? ", ..." : "");
  }
  fail(name, fmt::format("there is no column {}", shown(name.text)),
       other_meaning.empty() ? cure : fmt::format("{}{} {}", cure, cure.ends_with('?') ? "" : ";", other_meaning),
       m_schema->unknown_name_hint);
}

}  // namespace tequio::expr
