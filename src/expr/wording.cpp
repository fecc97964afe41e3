// SPDX-License-Identifier: MIT
#include "expr/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace tequio::expr {
namespace {

// The number of edits (insert, delete, replace, swap neighbours) that make one text of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      next[j] = std::min({last[j] + 1, next[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(next);
  }
  return last[b.size()];
}

constexpr std::size_t longest_compared_name = 200;

}  // namespace

std::vector<std::string> nearest_names(std::string_view wanted, const std::vector<std::string>& names) {
  struct candidate {
    std::size_t distance;
    const std::string* name;
  };
  if (wanted.size() > longest_compared_name) return {};
  const std::string folded = utf8::lower(wanted);
  std::vector<candidate> found;
  for (const std::string& name : names) {
    if (name.size() > longest_compared_name) continue;
    const std::size_t far = distance(folded, utf8::lower(utf8::strip(name)));
    if (far <= 1 + wanted.size() / 4) found.push_back({far, &name});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const candidate& a, const candidate& b) { return a.distance < b.distance; });
  if (found.size() > 3) found.resize(3);
  std::vector<std::string> best;
  best.reserve(found.size());
  for (const candidate& one : found) best.push_back(*one.name);
  return best;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;  // code points
  std::string result = "'";
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == longest) {
      result += "...";
      break;
    }
    const char32_t c = utf8::take(text);
    if (c == '\n') {
      result += "\\n";
    } else if (c < ' ' || c == 0x7F) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else {
      utf8::append(result, c);
    }
  }
  return result + "'";
}

}  // namespace tequio::expr
