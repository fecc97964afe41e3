// SPDX-License-Identifier: MIT
#include "jobs/census/census_lines.hpp"

#include <charconv>
#include <cstddef>

namespace tequio::jobs::census {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t padded_width = 9;  // of POB_AFRO, POB_AFRO_F, POB_AFRO_M

void append_number(std::string& text, std::uint32_t value, std::size_t width, char filler) {
  char digits[10];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  const auto count = static_cast<std::size_t>(end - digits);
  if (count < width) text.append(width - count, filler);
  text.append(digits, end);
}

/// 1035 as `10.35`, 820 as `8.2`, 900 as `9`.
void append_hundredths(std::string& text, std::uint32_t value) {
  append_number(text, value / 100, 0, ' ');
  if (value % 100 == 0) return;
  text += '.';
  if (value % 10 == 0)
    append_number(text, value / 10 % 10, 0, ' ');
  else
    append_number(text, value % 100, 2, '0');
}

void append_text(std::string& text, std::string_view field) {
  if (field.find(',') == std::string_view::npos) {
    text += field;
  } else {
    text += '"';
    text += field;  // no name has a quote
    text += '"';
  }
}

void append_place(std::string& text, const row_place& place) {
  append_number(text, place.state_code, 2, '0');
  text += ',';
  text += place.state;
  text += ',';
  append_number(text, place.municipality_code, 3, '0');
  text += ',';
  append_text(text, place.municipality);
  text += ',';
  append_number(text, place.locality_code, 4, '0');
  text += ',';
  append_text(text, place.locality);
  text += ',';
  text += place.map;
}

/// What a column is, beyond its rule.
struct column_form {
  disclosure shown_to = disclosure::open;
  std::size_t width = 0;
  bool is_births = false;
};

const std::array<column_form, column_count>& forms() {
  static const auto all = [] {
    std::array<column_form, column_count> made;
    for (std::size_t i = 0; i < column_count; ++i)
      made[i] = {.shown_to = disclosure_of(columns[i]),
                 .width = columns[i].name.starts_with("POB_AFRO") ? padded_width : 0,
                 .is_births = columns[i].name == "PROM_HNV"};
    return made;
  }();
  return all;
}

/// The mark that stands in place of a figure, or nothing.
std::string_view mark_of(rule made_by, const column_form& form, row_kind kind, figures_shown shown) {
  if (kind != row_kind::locality && made_by == rule::size_class) return "*";
  if (kind == row_kind::total_of_few_dwellings && form.is_births) return "*";
  if (shown == figures_shown::masked && form.shown_to != disclosure::always) return "*";
  if (shown == figures_shown::not_available && form.shown_to == disclosure::open) return "N/D";
  return {};
}

}  // namespace

void append_header(std::string& text) {
  text += "\xef\xbb\xbf";
  for (std::size_t i = 0; i < column_count; ++i) {
    if (i > 0) text += ',';
    text += columns[i].name;
  }
  text += line_end;
}

void append_line(std::string& text, const row_place& place, row_kind kind, const figures& row, figures_shown shown) {
  append_place(text, place);
  for (std::size_t i = 0; i < column_count; ++i) {
    const rule made_by = columns[i].made_by;
    if (made_by == rule::place) continue;
    const column_form& form = forms()[i];
    text += ',';
    if (const auto mark = mark_of(made_by, form, kind, shown); !mark.empty())
      text += mark;
    else if (row[i] == not_applicable)
      text += "N/A";
    else if (made_by == rule::decimal)
      append_hundredths(text, row[i]);
    else
      append_number(text, row[i], form.width, ' ');
  }
  text += line_end;
}

}  // namespace tequio::jobs::census
