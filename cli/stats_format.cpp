// SPDX-License-Identifier: MIT
#include "stats_format.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "tequio/data/csv.hpp"
#include "tequio/data/scalar.hpp"

namespace tequio::cli {
namespace {

constexpr std::array<std::string_view, 10> keys{"source", "dtype", "shape", "count", "nan_count",
                                                "sum",    "mean",  "std",   "min",   "max"};
constexpr std::size_t text_columns = 3;
using cells = std::array<std::string, keys.size()>;

cells cells_of(const std::string& source, const data::summary& found) {
  return {source,
          found.dtype,
          fmt::format("{}", fmt::join(found.shape, "x")),
          fmt::format("{}", found.count),
          fmt::format("{}", found.nan_count),
          data::to_string(found.sum),
          data::to_string(found.mean),
          data::to_string(found.std_dev),
          data::to_string(found.min),
          data::to_string(found.max)};
}

std::vector<cells> all_cells(const jobs::stats_report& report, bool with_total) {
  std::vector<cells> lines;
  lines.reserve(report.arrays.size() + 1);
  for (const jobs::array_stats& array : report.arrays) lines.push_back(cells_of(array.source, array.summary));
  if (with_total) lines.push_back(cells_of("total", report.total));
  return lines;
}

void format_csv(std::span<const cells> lines, const text_sink& write) {
  write(fmt::format("{}\n", fmt::join(keys, ",")));
  for (const cells& line : lines) {
    std::string text;
    for (const std::string& cell : line) {
      if (&cell != line.data()) text += ',';
      data::append_csv_field(text, cell);
    }
    write(text += '\n');
  }
}

// A number's shortest text is also JSON's, except where JSON has no word.
std::string json_number(const std::string& text) {
  if (text == "nan") return "null";
  if (text.ends_with("inf") || text.ends_with('j')) return nlohmann::json(text).dump();
  return text;
}

void format_json(std::span<const cells> lines, const text_sink& write) {
  write("[");
  for (const cells& line : lines) {
    std::string text = &line == lines.data() ? "\n  {" : ",\n  {";
    for (std::size_t i = 0; i < keys.size(); ++i) {
      using json = nlohmann::json;
      const std::string value =
          i < text_columns ? json(line[i]).dump(-1, ' ', false, json::error_handler_t::replace) : json_number(line[i]);
      text += fmt::format("{}\"{}\": {}", i == 0 ? "" : ", ", keys[i], value);
    }
    write(text += "}");
  }
  write("\n]\n");
}

std::size_t displayed_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void format_table(std::span<const cells> lines, const text_sink& write) {
  std::array<std::size_t, keys.size()> widths{};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    widths[i] = keys[i].size();
    for (const cells& line : lines) widths[i] = std::max(widths[i], displayed_width(line[i]));
  }
  const auto write_line = [&](const auto& line) {
    std::string text;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::string padding(widths[i] - displayed_width(line[i]), ' ');
      if (i != 0) text += "  ";
      text += i < text_columns ? std::string(line[i]) + padding : padding + std::string(line[i]);
    }
    write(text += '\n');
  };
  write_line(keys);
  for (const cells& line : lines) write_line(line);
}

}  // namespace

void write_stats(const jobs::stats_report& report, stats_format format, bool with_total, const text_sink& write) {
  // no array, no total: its figures would all be nan
  const bool some = !report.arrays.empty();
  const std::vector<cells> lines = all_cells(report, some && (with_total || format == stats_format::table));
  switch (format) {
    case stats_format::table:
      return format_table(lines, write);
    case stats_format::csv:
      return format_csv(lines, write);
    case stats_format::json:
      return format_json(lines, write);
  }
}

}  // namespace tequio::cli
