// SPDX-License-Identifier: MIT
#include "base/utf8.hpp"

#include <locale.h>
#include <clocale>
#include <cwctype>

namespace tequio::utf8 {
namespace {

struct lead {
  std::size_t length = 0;
  unsigned low = 0x80;  // bounds of the second byte
  unsigned high = 0xBF;
};

lead lead_of(unsigned byte) noexcept {
  if (byte < 0x80) return {.length = 1};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {.length = 2};
  if (byte == 0xE0) return {.length = 3, .low = 0xA0};
  if (byte == 0xED) return {.length = 3, .high = 0x9F};
  if (byte < 0xF0) return {.length = 3};
  if (byte == 0xF0) return {.length = 4, .low = 0x90};
  if (byte < 0xF4) return {.length = 4};
  if (byte == 0xF4) return {.length = 4, .high = 0x8F};
  return {};
}

unsigned byte_at(const char* text, std::size_t at) noexcept { return static_cast<unsigned char>(text[at]); }

// Simple case mapping of every script, whatever locale the program runs in.
locale_t unicode_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

template <class Map>
std::string mapped(std::string_view text, Map map) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) append(result, map(take(text)));
  return result;
}

bool is_space(char32_t c) noexcept {
  return (c >= 9 && c <= 13) || (c >= 28 && c <= 32) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::size_t last_begin(std::string_view text) noexcept {
  std::size_t at = text.size() - 1;
  while (at > 0 && (byte_at(text.data(), at) & 0xC0) == 0x80) --at;
  return at;
}

}  // namespace

checked check(const char* text, std::size_t size) noexcept {
  if (size == 0) return {.state = sequence::cut};
  const lead first = lead_of(byte_at(text, 0));
  if (first.length == 0) return {};
  for (std::size_t i = 1; i < first.length; ++i) {
    if (i == size) return {.state = sequence::cut};
    const unsigned low = i == 1 ? first.low : 0x80;
    const unsigned high = i == 1 ? first.high : 0xBF;
    if (byte_at(text, i) < low || byte_at(text, i) > high) return {};
  }
  return {.state = sequence::whole, .length = first.length};
}

std::size_t find_wrong(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const checked found = check(text.data() + at, text.size() - at);
    if (found.state != sequence::whole) return at;
    at += found.length;
  }
  return std::string_view::npos;
}

std::size_t length(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

char32_t take(std::string_view& text) noexcept {
  const unsigned first = byte_at(text.data(), 0);
  const std::size_t size = lead_of(first).length;
  char32_t code_point = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) code_point = code_point << 6 | (byte_at(text.data(), i) & 0x3F);
  text.remove_prefix(size);
  return code_point;
}

void append(std::string& to, char32_t code_point) {
  const auto put = [&](char32_t byte) { to.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string lower(std::string_view text) {
  return mapped(text,
                [](char32_t c) { return static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), unicode_locale())); });
}

std::string upper(std::string_view text) {
  return mapped(text,
                [](char32_t c) { return static_cast<char32_t>(towupper_l(static_cast<wint_t>(c), unicode_locale())); });
}

std::string_view strip(std::string_view text, std::u32string_view characters) noexcept {
  const auto goes = [&](char32_t c) {
    return characters.empty() ? is_space(c) : characters.find(c) != std::u32string_view::npos;
  };
  while (!text.empty()) {
    std::string_view rest = text;
    if (!goes(take(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    const std::size_t begin = last_begin(text);
    std::string_view last = text.substr(begin);
    if (!goes(take(last))) break;
    text.remove_suffix(text.size() - begin);
  }
  return text;
}

}  // namespace tequio::utf8
