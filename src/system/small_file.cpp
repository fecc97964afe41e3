// SPDX-License-Identifier: MIT
#include "system/small_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "system/system.hpp"

namespace tequio::small_file {

std::string read(const std::string& path) {
  constexpr std::size_t largest = std::size_t{16} << 20;
  const descriptor file(
      system::retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); }));
  std::string text;
  if (!file) return text;
  std::array<char, 4096> buffer;
  while (text.size() < largest) {
    const auto count = system::retry([&] { return ::read(file.number(), buffer.data(), buffer.size()); });
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    if (line.starts_with(':')) line.remove_prefix(1);
    if (line.empty() || (line.front() != ' ' && line.front() != '\t')) continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return parse<std::uint64_t>(line.substr(0, line.find(' ')));
  }
  return std::nullopt;
}

}  // namespace tequio::small_file
