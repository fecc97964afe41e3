// SPDX-License-Identifier: MIT
#include "expr/token.hpp"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"
#include "expr/wording.hpp"
#include "tequio/expr/expression.hpp"

namespace tequio::expr {
namespace {

bool is_ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

unsigned digit_value(char c) noexcept {
  if (is_ascii_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 99;
}

struct foreign {
  std::string_view symbol;
  std::string_view cure;
};

// The operators of other languages and keyboards, longest first.
constexpr foreign foreign_symbols[] = {
    {"===", "use == to compare"},
    {"!==", "use != to compare"},
    {"<=>", "use ==, < or >"},
    {"&&", "use and"},
    {"||", "use or"},
    {"<>", "use !="},
    {"=>", "use >="},
    {"=<", "use <="},
    {"=!", "use !="},
    {":=", "names cannot be assigned; use == to compare"},
    {"<<", "shifts are not supported"},
    {">>", "shifts are not supported"},
    {"≤", "use <="},
    {"≥", "use >="},
    {"≠", "use !="},
    {"−", "use the minus sign -"},
    {"×", "use *"},
    {"÷", "use /"},
    {"“", "use straight quotes: \"text\""},
    {"”", "use straight quotes: \"text\""},
    {"‘", "use straight quotes: 'text'"},
    {"’", "use straight quotes: 'text'"},
    {"\xC2\xA0", "replace the no-break space by a space"},
    {";", "one expression only; join conditions with and"},
    {"^", "use ** for powers; there is no bitwise operator"},
    {"{", "use a list: [1, 2]"},
    {"?", "there is no conditional; use and, or"},
    {"$", "write @name for a variable"},
};

constexpr std::string_view symbols[] = {"**", "//", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%",
                                        "~",  "&",  "|",  "(",  ")",  "[",  "]", ",", ".", "=", "!", ":"};

class lexer {
 public:
  lexer(std::string_view text, std::string_view noun) : m_text(text), m_noun(noun) {}

  std::vector<token> run() {
    if (const std::size_t at = utf8::find_wrong(m_text); at != std::string_view::npos) {
      throw expression_error({.object = m_noun, .problem = "the expression is not UTF-8", .cure = "write it in UTF-8"},
                             "", 0);
    }
    for (skip_blanks(); m_at < m_text.size(); skip_blanks()) take();
    m_tokens.push_back({.kind = token_kind::end, .position = m_text.size()});
    return std::move(m_tokens);
  }

 private:
  [[noreturn]] void fail(std::size_t position, std::string problem, std::string cure) const {
    throw expression_error({.object = m_noun, .problem = std::move(problem), .cure = std::move(cure)}, m_text,
                           position);
  }

  char peek(std::size_t ahead = 0) const noexcept { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
  std::string_view rest() const { return m_text.substr(m_at); }

  void skip_blanks() noexcept {
    for (; m_at < m_text.size(); ++m_at) {
      const char c = m_text[m_at];
      if (c == '#') {
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
        if (m_at == m_text.size()) return;
      } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
        return;
      }
    }
  }

  void take() {
    const char c = peek();
    for (const foreign& other : foreign_symbols) {
      if (rest().starts_with(other.symbol))
        fail(m_at, fmt::format("'{}' is not an operator", other.symbol), std::string(other.cure));
    }
    if (c == '`') return take_quoted_name();
    if (c == '\'' || c == '"') return take_text(m_at, escapes::read);
    if (is_ascii_digit(c) || (c == '.' && is_ascii_digit(peek(1)))) return take_number();
    if (is_letter(c)) return take_name();
    if (c == '@') return take_variable();
    for (const std::string_view symbol : symbols) {
      if (!rest().starts_with(symbol)) continue;
      m_tokens.push_back({.kind = token_kind::symbol, .position = m_at, .text = std::string(symbol)});
      m_at += symbol.size();
      return;
    }
    fail(m_at, fmt::format("{} has no meaning here", shown(rest().substr(0, 1))), "remove it; text goes in quotes");
  }

  std::string name_here() {
    const std::size_t begin = m_at;
    while (m_at < m_text.size() && (is_letter(m_text[m_at]) || is_ascii_digit(m_text[m_at]))) ++m_at;
    return std::string(m_text.substr(begin, m_at - begin));
  }

  void take_name() {
    const std::size_t begin = m_at;
    std::string name = name_here();
    if (peek() == '\'' || peek() == '"') {
      if (name == "r" || name == "R") return take_text(begin, escapes::keep);
      if (name == "u" || name == "U") return take_text(begin, escapes::read);
      fail(begin, fmt::format("text may not begin with {}", name),
           "write plain quotes, or r'...' for a regular expression");
    }
    m_tokens.push_back({.kind = token_kind::name, .position = begin, .text = std::move(name)});
  }

  void take_variable() {
    const std::size_t begin = m_at++;
    if (!is_letter(peek())) fail(begin, "'@' without a name", "write @name for a variable");
    m_tokens.push_back({.kind = token_kind::variable, .position = begin, .text = name_here()});
  }

  void take_quoted_name() {
    const std::size_t begin = m_at++;
    const std::size_t end = m_text.find_first_of("`\n", m_at);
    if (end == std::string_view::npos || m_text[end] == '\n')
      fail(begin, "the backtick is never closed", "close it: `name of a column`");
    m_tokens.push_back(
        {.kind = token_kind::quoted_name, .position = begin, .text = std::string(m_text.substr(m_at, end - m_at))});
    m_at = end + 1;
  }

  enum class escapes { read, keep };

  void take_text(std::size_t begin, escapes how) {
    const char quote = m_text[m_at++];
    std::string text;
    for (; peek() != quote;) {
      if (m_at >= m_text.size() || peek() == '\n')
        fail(begin, "the text is never closed", fmt::format("close it with {}", quote));
      if (peek() != '\\') {
        text.push_back(m_text[m_at++]);
      } else if (how == escapes::keep) {
        text.append(m_text.substr(m_at, 2));
        m_at = std::min(m_at + 2, m_text.size());
      } else {
        take_escape(text);
      }
    }
    ++m_at;
    m_tokens.push_back({.kind = token_kind::text, .position = begin, .text = std::move(text)});
  }

  void take_escape(std::string& text) {
    constexpr std::string_view letters = "abfnrtv\\'\"";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\'\"";
    const std::size_t begin = m_at++;
    const char c = peek();
    if (c == '\n') {
      ++m_at;
    } else if (const std::size_t found = letters.find(c); found != std::string_view::npos && m_at < m_text.size()) {
      text.push_back(meanings[found]);
      ++m_at;
    } else if (c == 'x' || c == 'u' || c == 'U') {
      ++m_at;
      take_code_point(text, begin, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
    } else if (c >= '0' && c <= '7') {
      std::size_t digits = 1;
      while (digits < 3 && peek(digits) >= '0' && peek(digits) <= '7') ++digits;
      take_code_point(text, begin, digits, 8);
    } else {
      text.push_back('\\');  // as in Python, an unknown escape stays as it is written
    }
  }

  void take_code_point(std::string& text, std::size_t begin, std::size_t digits, unsigned base) {
    char32_t code_point = 0;
    for (std::size_t i = 0; i < digits; ++i, ++m_at) {
      const unsigned digit = digit_value(peek());
      if (digit >= base) fail(begin, "the escape is too short", "write \\xHH, \\uHHHH or \\UHHHHHHHH");
      code_point = code_point * base + digit;
    }
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
      fail(begin, "the escape is no character", "write a Unicode code point");
    }
    utf8::append(text, code_point);
  }

  void take_number() {
    const std::size_t begin = m_at;
    while (is_letter(peek()) || is_ascii_digit(peek()) || peek() == '.' ||
           ((peek() == '+' || peek() == '-') && (m_text[m_at - 1] == 'e' || m_text[m_at - 1] == 'E') &&
            !is_based(begin))) {
      ++m_at;
    }
    const std::string_view written = m_text.substr(begin, m_at - begin);
    token number_token{.kind = token_kind::number, .position = begin, .text = std::string(written)};
    number_token.value = is_based(begin) ? based_number(begin, written) : decimal_number(begin, written);
    m_tokens.push_back(std::move(number_token));
  }

  bool is_based(std::size_t begin) const {
    const std::string_view text = m_text.substr(begin, 2);
    return text.size() == 2 && text[0] == '0' && std::string_view("xXoObB").find(text[1]) != std::string_view::npos;
  }

  std::string without_underscores(std::size_t begin, std::string_view written) const {
    std::string digits;
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (written[i] != '_') {
        digits.push_back(written[i]);
      } else if (i == 0 || i + 1 == written.size() || digit_value(written[i + 1]) > 15 || written[i - 1] == '_') {
        fail_number(begin, written);
      }
    }
    return digits;
  }

  [[noreturn]] void fail_number(std::size_t begin, std::string_view written) const {
    fail(begin, fmt::format("{} is not a number", shown(written)),
         "a column whose name begins with a digit goes in backticks, a text in quotes");
  }

  number based_number(std::size_t begin, std::string_view written) const {
    const unsigned base = written[1] == 'x' || written[1] == 'X' ? 16 : written[1] == 'o' || written[1] == 'O' ? 8 : 2;
    const std::string digits = without_underscores(begin, written).substr(2);
    std::uint64_t value = 0;
    bool wrong = digits.empty();
    for (const char c : digits) {
      wrong |= digit_value(c) >= base || __builtin_mul_overflow(value, base, &value) ||
               __builtin_add_overflow(value, digit_value(c), &value);
    }
    if (wrong) fail_number(begin, written);
    return number::integer(value, false);
  }

  number decimal_number(std::size_t begin, std::string_view written) const {
    const std::string text = without_underscores(begin, written);
    const bool digits_only = std::all_of(text.begin(), text.end(), is_ascii_digit);
    const std::size_t significant = text.find_first_not_of('0');
    if (digits_only && text.front() == '0' && significant != std::string::npos) {
      fail(begin, fmt::format("{} is not a number: it begins with 0", written),
           fmt::format("write {}, or '{}' for text", text.substr(significant), written));
    }
    number value;
    if (parse_number(text, value)) return value;
    double infinite = 0;
    const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), infinite);
    if (end == text.data() + text.size() && std::isinf(infinite)) return number::real(infinite);
    fail_number(begin, written);
  }

  std::string_view m_text;
  std::string m_noun;
  std::size_t m_at = 0;
  std::vector<token> m_tokens;
};

}  // namespace

std::vector<token> tokens_of(std::string_view expression, std::string_view noun) {
  return lexer(expression, noun).run();
}

}  // namespace tequio::expr
