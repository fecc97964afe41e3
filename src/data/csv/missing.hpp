// SPDX-License-Identifier: MIT
// Which texts stand for a missing value: pandas' own and those the user adds.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace tequio::data {

class missing_texts {
 public:
  explicit missing_texts(std::span<const std::string> added = {});

  /// True for exactly these texts: case and blanks count.
  [[nodiscard]] bool contains(std::string_view text) const {
    if (text.empty()) return true;
    return m_first[static_cast<unsigned char>(text.front())] && text.size() <= m_longest && m_texts.contains(text);
  }

  /// Whether one of them would otherwise be read as a number.
  [[nodiscard]] bool some_are_numbers() const noexcept { return m_some_are_numbers; }

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  std::unordered_set<std::string, hash, std::equal_to<>> m_texts;
  std::array<bool, 256> m_first{};
  std::size_t m_longest = 0;
  bool m_some_are_numbers = false;
};

}  // namespace tequio::data
