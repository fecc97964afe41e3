// SPDX-License-Identifier: MIT
#include "data/npy/npy_literal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "tequio/data/format_error.hpp"

namespace tequio::data::npy_format {
namespace {

constexpr int deepest = 8;
constexpr std::string_view blanks = " \t\n\r\f";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789";

void append_utf8(std::string& text, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xc0U | point >> 6U);
  } else if (point < 0x10000) {
    add(0xe0U | point >> 12U);
    add(0x80U | (point >> 6U & 0x3fU));
  } else {
    add(0xf0U | point >> 18U);
    add(0x80U | (point >> 12U & 0x3fU));
    add(0x80U | (point >> 6U & 0x3fU));
  }
  add(0x80U | (point & 0x3fU));
}

class parser {
 public:
  explicit parser(const header_text& text) : m_text(text), m_rest(text.characters) {}

  literal whole() {
    literal root = value(0);
    skip_blanks();
    if (!m_rest.empty()) refuse("something after the dict: " + printable(m_rest));
    return root;
  }

 private:
  literal value(int depth) {
    skip_blanks();
    if (m_rest.empty()) refuse("the header ends where a value should be");
    const char* const start = m_rest.data();
    literal node = any(depth);
    node.source = {start, static_cast<std::size_t>(m_rest.data() - start)};
    return node;
  }

  literal any(int depth) {
    const char first = m_rest.front();
    if (first == '(' || first == '[' || first == '{') {
      if (depth == deepest) refuse(fmt::format("the header nests deeper than {} brackets", deepest));
      return first == '{' ? dict(depth + 1) : sequence(depth + 1);
    }
    if (first == '\'' || first == '"') return string();
    if (first == '-' || first == '+' || digits.find(first) != digits.npos) return integer();
    return named();
  }

  literal sequence(int depth) {
    const char open = take();
    const char close = open == '(' ? ')' : ']';
    literal node{.is = open == '(' ? literal::type::tuple : literal::type::list};
    bool comma = false;
    while (!take_if(close)) {
      if (!node.items.empty() && !comma) refuse_missing(close);
      node.items.push_back(value(depth));
      comma = take_if(',');
    }
    // brackets around one value without a comma are only brackets
    if (open == '(' && node.items.size() == 1 && !comma) return literal(std::move(node.items.front()));
    return node;
  }

  literal dict(int depth) {
    take();
    literal node{.is = literal::type::dict};
    bool comma = true;
    while (!take_if('}')) {
      if (!comma) refuse_missing('}');
      node.items.push_back(value(depth));
      if (!take_if(':')) refuse("a key without ':' and a value");
      node.items.push_back(value(depth));
      comma = take_if(',');
    }
    return node;
  }

  literal integer() {
    literal node{.is = literal::type::integer};
    const char* const start = m_rest.data();
    if (m_rest.front() == '-' || m_rest.front() == '+') node.negative = take() == '-';
    const auto length = std::min(m_rest.find_first_not_of(digits), m_rest.size());
    const auto number = m_rest.substr(0, length);
    node.too_large = std::from_chars(number.data(), number.data() + length, node.value).ec != std::errc();
    m_rest.remove_prefix(length);
    if (m_text.version < 3 && !m_rest.empty() && m_rest.front() == 'L') take();  // a long integer of Python 2
    const bool python_writes_it = length == 1 || (length > 1 && number.front() != '0');
    if (!python_writes_it || (!m_rest.empty() && name_characters.find(m_rest.front()) != name_characters.npos)) {
      const auto end = std::min(m_rest.find_first_not_of(name_characters), m_rest.size());
      const std::string_view all(start, static_cast<std::size_t>(m_rest.data() - start) + end);
      m_text.refuse(fmt::format("'{}' is not a decimal integer", printable(all)), start);
    }
    return node;
  }

  /// True, False, None, the prefixes of strings, and numpy's integers as they print.
  literal named() {
    const char* const start = m_rest.data();
    const std::string_view name = m_rest.substr(0, std::min(m_rest.find_first_not_of(name_characters), m_rest.size()));
    if (name.empty()) refuse(fmt::format("unexpected '{}'", printable(m_rest.substr(0, 1))));
    m_rest.remove_prefix(name.size());
    if (name == "True" || name == "False") return {.is = literal::type::boolean, .value = name == "True" ? 1U : 0U};
    if (name == "None") return {.is = literal::type::none};
    const bool quoted = !m_rest.empty() && (m_rest.front() == '\'' || m_rest.front() == '"');
    if (quoted && (name == "u" || name == "U")) return string();
    if (quoted && (name == "b" || name == "B")) {
      literal node = string();
      node.is = literal::type::bytes;
      return node;
    }
    const bool numpy = name.starts_with("np.int") || name.starts_with("np.uint") || name.starts_with("numpy.int");
    if (numpy && take_if('(')) {
      skip_blanks();
      if (m_rest.empty()) refuse("the header ends where an integer should be");
      literal node = integer();
      if (!take_if(')')) refuse_missing(')');
      return node;
    }
    m_text.refuse(fmt::format("'{}' is not a literal", printable(name)), start, "names and calls are never evaluated");
  }

  literal string() {
    literal node{.is = literal::type::string};
    const char* const start = m_rest.data();
    const char quote = take();
    for (;;) {
      if (m_rest.empty() || m_rest.front() == '\n') m_text.refuse("a string without its closing quote", start);
      const char next = take();
      if (next == quote) return node;
      if (next == '\\') {
        append_utf8(node.text, escaped());
      } else if (m_text.version < 3) {
        append_utf8(node.text, static_cast<unsigned char>(next));  // latin-1
      } else {
        node.text += next;
      }
    }
  }

  std::uint32_t escaped() {
    if (m_rest.empty()) refuse("the header ends in a string");
    const char* const start = m_rest.data() - 1;
    const char code = take();
    constexpr std::string_view codes = "\\'\"ntrabfv", meanings = "\\'\"\n\t\r\a\b\f\v";
    if (const auto at = codes.find(code); at != codes.npos) return static_cast<unsigned char>(meanings[at]);
    const std::size_t length = code == 'x' ? 2 : code == 'u' ? 4 : code == 'U' ? 8 : 0;
    std::uint32_t point = 0;
    const auto number = m_rest.substr(0, length);
    const char* const end = number.data() + number.size();
    const bool valid = length != 0 && number.size() == length &&
                       std::from_chars(number.data(), end, point, 16).ptr == end && point <= 0x10ffff &&
                       (point < 0xd800 || point > 0xdfff);
    if (!valid) m_text.refuse("an unknown escape in a string", start);
    m_rest.remove_prefix(length);
    return point;
  }

  void skip_blanks() {
    for (;;) {
      m_rest.remove_prefix(std::min(m_rest.find_first_not_of(blanks), m_rest.size()));
      if (m_rest.empty() || m_rest.front() != '#') return;
      m_rest.remove_prefix(std::min(m_rest.find('\n'), m_rest.size()));
    }
  }

  char take() {
    const char first = m_rest.front();
    m_rest.remove_prefix(1);
    return first;
  }

  bool take_if(char wanted) {
    skip_blanks();
    if (m_rest.empty() || m_rest.front() != wanted) return false;
    take();
    return true;
  }

  [[noreturn]] void refuse_missing(char close) const {
    if (m_rest.empty()) refuse(fmt::format("the header ends before its '{}'", close));
    refuse(fmt::format("'{}' where ',' or '{}' should be", printable(m_rest.substr(0, 1)), close));
  }

  [[noreturn]] void refuse(const std::string& problem) const { m_text.refuse(problem, m_rest.data()); }

  const header_text& m_text;
  std::string_view m_rest;
};

}  // namespace

void header_text::refuse(const std::string& problem, const char* place, const std::string& cure) const {
  const auto byte = offset + static_cast<std::size_t>(place - characters.data());
  throw format_error({.object = object,
                      .problem = fmt::format("bad .npy header at byte {}: {}", byte, problem),
                      .cure = cure.empty() ? "write the file again with numpy.save" : cure});
}

std::string literal::excerpt() const { return printable(source); }

literal parse_literal(const header_text& text) { return parser(text).whole(); }

std::string printable(std::string_view characters, std::size_t most) {
  std::string text;
  for (const char character : characters.substr(0, most)) {
    if (character >= ' ' && character <= '~') {
      text += character;
    } else {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(character));
    }
  }
  return characters.size() > most ? text + "..." : text;
}

}  // namespace tequio::data::npy_format
