// SPDX-License-Identifier: MIT
#include "data/csv/csv_header.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

namespace tequio::data {

std::vector<std::string> unique_column_names(std::vector<std::string> header) {
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string, std::size_t> next_suffix;
  for (const std::string& name : header) taken.insert(name);
  std::unordered_set<std::string> used;
  const auto settle = [&](std::string& name) {
    if (used.insert(name).second) return;
    std::size_t& suffix = next_suffix.try_emplace(name, 1).first->second;
    std::string tried;
    do tried = fmt::format("{}.{}", name, suffix++);
    while (!taken.insert(tried).second);
    used.insert(tried);
    name = tried;
  };
  for (std::string& name : header) {
    if (!name.empty()) settle(name);
  }
  for (std::size_t i = 0; i < header.size(); ++i) {  // after the others, which keep their names
    if (!header[i].empty()) continue;
    header[i] = fmt::format("Unnamed: {}", i);
    settle(header[i]);
  }
  return header;
}

}  // namespace tequio::data
