// SPDX-License-Identifier: MIT
#include "tequio/data/rows.hpp"

#include <algorithm>
#include <unordered_map>

#include "tequio/data/csv.hpp"

namespace tequio::data {
namespace {

constexpr std::size_t text_bytes = std::size_t{64} << 10;

std::string header_of(const std::vector<std::string>& columns) {
  std::string line;
  for (const std::string& column : columns) {
    if (&column != &columns.front()) line.push_back(',');
    append_csv_field(line, column);
  }
  if (!columns.empty()) line.push_back('\n');
  return line;
}

// For each joined column its place in the block, or none where it has no such column.
constexpr std::size_t none = static_cast<std::size_t>(-1);
std::vector<std::size_t> places(const row_block& block, const std::vector<std::string>& columns) {
  std::unordered_map<std::string_view, std::size_t> place_of;
  for (std::size_t i = 0; i < block.columns.size(); ++i) place_of.emplace(block.columns[i], i);
  std::vector<std::size_t> result;
  for (const std::string& column : columns) {
    const auto found = place_of.find(column);
    result.push_back(found == place_of.end() ? none : found->second);
  }
  return result;
}

void write_rearranged(const row_block& block, const std::vector<std::string>& columns,
                      const std::function<void(std::string_view)>& write) {
  const std::vector<std::size_t> from = places(block, columns);
  std::string piece;
  for (row_cursor row(block); row.next();) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (i > 0) piece.push_back(',');
      if (from[i] != none) append_csv_field(piece, row.fields()[from[i]]);
    }
    piece.push_back('\n');
    if (piece.size() < text_bytes) continue;
    write(piece);
    piece.clear();
  }
  if (!piece.empty()) write(piece);
}

}  // namespace

row_cursor::row_cursor(const row_block& block) : m_rest(block.rows), m_fields(block.columns.size()) {}

bool row_cursor::next() {
  if (m_rest.empty()) return false;
  for (std::string& field : m_fields) {
    field.clear();
    if (!m_rest.starts_with('"')) {
      const std::size_t end = std::min(m_rest.find_first_of(",\n"), m_rest.size());
      field = m_rest.substr(0, end);
      m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
      continue;
    }
    do {  // pieces of text, each ended by a quote; two quotes stand for one
      m_rest.remove_prefix(1);
      const std::size_t end = std::min(m_rest.find('"'), m_rest.size());
      field.append(m_rest.substr(0, end));
      m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
      if (m_rest.starts_with('"')) field.push_back('"');
    } while (m_rest.starts_with('"'));
    m_rest.remove_prefix(std::min<std::size_t>(1, m_rest.size()));
  }
  return true;
}

std::vector<std::string> joined_columns(std::span<const row_block> blocks) {
  std::vector<std::string> columns;
  std::unordered_map<std::string_view, bool> known;
  const std::vector<std::string>* last = nullptr;
  for (const row_block& block : blocks) {
    if (last && *last == block.columns) continue;
    last = &block.columns;
    for (const std::string& column : block.columns) {
      if (known.emplace(column, true).second) columns.push_back(column);
    }
  }
  return columns;
}

void write_csv(std::span<const row_block> blocks, const std::function<void(std::string_view)>& write) {
  const std::vector<std::string> columns = joined_columns(blocks);
  if (!columns.empty()) write(header_of(columns));
  for (const row_block& block : blocks) {
    if (block.columns != columns) {
      write_rearranged(block, columns, write);
    } else if (!block.rows.empty()) {
      write(block.rows);
    }
  }
}

row_block join(std::span<const row_block> blocks) {
  row_block joined{.columns = joined_columns(blocks)};
  for (const row_block& block : blocks) {
    joined.row_count += block.row_count;
    if (block.columns == joined.columns) {
      joined.rows += block.rows;
    } else {
      write_rearranged(block, joined.columns, [&](std::string_view piece) { joined.rows += piece; });
    }
  }
  return joined;
}

}  // namespace tequio::data
