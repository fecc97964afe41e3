// SPDX-License-Identifier: MIT
#include "data/source/pattern.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>

#include "tequio/error.hpp"

namespace tequio::data {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_words = 1'000'000;
constexpr const char* brace_cure = "write a range as {01..32} or a list as {a,b,c}";

bool is_decimal(char c) noexcept { return c >= '0' && c <= '9'; }

[[noreturn]] void refuse(const std::string& word, std::string problem, const char* cure = brace_cure) {
  throw error({.object = word, .problem = std::move(problem), .cure = cure});
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(value) : std::nullopt;
}

std::string pad(std::uint64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

std::vector<std::string> expand_range(const std::string& word, std::string_view first_text,
                                      std::string_view last_text) {
  const auto first = parse_number(first_text);
  const auto last = parse_number(last_text);
  if (!first || !last) refuse(word, "the ends of a range are whole numbers");
  const std::uint64_t steps = std::max(*first, *last) - std::min(*first, *last);
  if (steps >= most_words)
    refuse(word, "a range of more than 1,000,000 names", "split it, or name the files in a list: @FILE");
  const bool padded = (first_text.size() > 1 && first_text[0] == '0') || (last_text.size() > 1 && last_text[0] == '0');
  const std::size_t width = padded ? std::max(first_text.size(), last_text.size()) : 0;
  std::vector<std::string> texts;
  texts.reserve(steps + 1);
  for (std::uint64_t i = 0; i <= steps; ++i) texts.push_back(pad(*first < *last ? *first + i : *first - i, width));
  return texts;
}

/// What stands between one pair of braces: a range or a list.
std::vector<std::string> expand_group(const std::string& word, std::string_view inside) {
  if (const auto dots = inside.find(".."); dots != std::string_view::npos && inside.find(',') == std::string_view::npos)
    return expand_range(word, inside.substr(0, dots), inside.substr(dots + 2));
  if (inside.find(',') == std::string_view::npos)
    refuse(word, "{" + std::string(inside) + "} is neither a range nor a list");
  std::vector<std::string> texts;
  for (;;) {
    const auto comma = inside.find(',');
    texts.emplace_back(inside.substr(0, comma));
    if (comma == std::string_view::npos) return texts;
    inside.remove_prefix(comma + 1);
  }
}

fs::path or_here(const fs::path& folder) { return folder.empty() ? fs::path(".") : folder; }

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code code;
  for (fs::directory_iterator it(or_here(folder), code), end; !code && it != end; it.increment(code))
    entries.push_back(it->path().filename());
  return entries;
}

void append_folders_below(const fs::path& folder, std::vector<fs::path>& folders) {
  folders.push_back(folder);
  for (const fs::path& entry : entries_of(folder)) {
    std::error_code code;
    const fs::path below = folder / entry;
    const bool hidden = entry.native().front() == '.';
    if (!hidden && fs::is_directory(fs::symlink_status(below, code))) append_folders_below(below, folders);
  }
}

/// The paths that `part`, one component of a glob, leads to from `folder`.
void append_matches(const fs::path& folder, const fs::path& part, std::vector<fs::path>& found) {
  std::error_code code;
  if (part == "**") return append_folders_below(folder, found);
  if (!is_glob(part.native())) {
    if (part.empty() ? fs::is_directory(or_here(folder), code) : fs::exists(fs::symlink_status(folder / part, code)))
      found.push_back(folder / part);
    return;
  }
  for (const fs::path& entry : entries_of(folder))
    if (::fnmatch(part.c_str(), entry.c_str(), FNM_PERIOD) == 0) found.push_back(folder / entry);
}

std::string_view take_number(std::string_view& text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is_decimal(text[size])) ++size;
  std::string_view number = text.substr(0, size);
  text.remove_prefix(size);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

}  // namespace

std::vector<std::string> expand_braces(const std::string& word) {
  std::vector<std::string> words{std::string()};
  std::string_view rest = word;
  for (;;) {
    const auto open = rest.find('{');
    for (std::string& begun : words) begun += rest.substr(0, open);
    if (open == std::string_view::npos) return words;
    const auto close = rest.find('}', open);
    if (close == std::string_view::npos) refuse(word, "a brace is opened and not closed");
    const std::string_view inside = rest.substr(open + 1, close - open - 1);
    if (inside.find('{') != std::string_view::npos) refuse(word, "braces stand inside braces");
    const std::vector<std::string> texts = expand_group(word, inside);
    if (words.size() * texts.size() > most_words)
      refuse(word, "a pattern for more than 1,000,000 names", "split it, or name the files in a list: @FILE");
    std::vector<std::string> longer;
    longer.reserve(words.size() * texts.size());
    for (const std::string& begun : words)
      for (const std::string& text : texts) longer.push_back(begun + text);
    words = std::move(longer);
    rest.remove_prefix(close + 1);
  }
}

bool is_glob(std::string_view word) noexcept { return word.find_first_of("*?[") != std::string_view::npos; }

std::vector<std::string> match_glob(const std::string& pattern) {
  fs::path parts(pattern);
  if (parts.filename() == "**") parts /= "*";
  std::vector<fs::path> found{fs::path()};
  for (const fs::path& part : parts) {
    std::vector<fs::path> further;
    if (part.is_absolute())
      further.push_back(part);
    else
      for (const fs::path& folder : found) append_matches(folder, part, further);
    found = std::move(further);
  }
  std::vector<std::string> names;
  names.reserve(found.size());
  for (const fs::path& path : found)
    if (std::error_code code; !fs::is_directory(path, code)) names.push_back(path.native());
  std::sort(names.begin(), names.end(), natural_less);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool natural_less(std::string_view left, std::string_view right) noexcept {
  const std::string_view whole_left = left;
  const std::string_view whole_right = right;
  while (!left.empty() && !right.empty()) {
    if (is_decimal(left.front()) && is_decimal(right.front())) {
      const std::string_view a = take_number(left);
      const std::string_view b = take_number(right);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
    } else if (left.front() != right.front()) {
      // a folder's files stay together
      const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c); };
      return rank(left.front()) < rank(right.front());
    } else {
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  if (left.empty() != right.empty()) return left.empty();
  return whole_left < whole_right;  // equal except for leading zeros
}

}  // namespace tequio::data
