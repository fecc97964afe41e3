// SPDX-License-Identifier: MIT
#include "data/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tequio::data {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view text, std::string_view lower_case) noexcept {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

std::string escape_if(std::string_view text, bool (*escaped)(unsigned char)) {
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (escaped(code))
      out += fmt::format("\\x{:02x}", code);
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3;) digits.insert(place -= 3, 1, ',');
  return digits;
}

std::string on_one_line(std::string_view text) {
  return escape_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string quoted_bytes(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return '"' + escape_if(text, [](unsigned char c) { return c < 0x20 || c >= 0x7f || c == '"' || c == '\\'; }) + '"';
}

bool ends_in(std::string_view text, std::string_view ending) noexcept {
  return text.size() >= ending.size() && same(text.substr(text.size() - ending.size()), ending);
}

bool starts_as(std::string_view text, std::string_view start) noexcept {
  return text.size() >= start.size() && same(text.substr(0, start.size()), start);
}

}  // namespace tequio::data
