// SPDX-License-Identifier: MIT
// An input made of a text, handed out in pieces of a chosen size.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "tequio/data/input.hpp"

namespace tequio::test {

class text_input : public data::input {
 public:
  explicit text_input(std::string text, std::size_t piece_bytes = 1 << 16, std::string name = "table.csv")
      : m_text(std::move(text)), m_piece_bytes(piece_bytes), m_name(std::move(name)) {}

  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t count = std::min({bytes.size(), m_piece_bytes, m_text.size() - m_at});
    if (count > 0) std::memcpy(bytes.data(), m_text.data() + m_at, count);
    m_at += count;
    return count;
  }

  [[nodiscard]] const std::string& name() const noexcept override { return m_name; }

 private:
  std::string m_text;
  std::size_t m_piece_bytes;
  std::string m_name;
  std::size_t m_at = 0;
};

}  // namespace tequio::test
