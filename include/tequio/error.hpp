// SPDX-License-Identifier: MIT
// The base of all exceptions of tequio: each names the thing, the problem and the cure.
// Use it to catch any of them; derived types stand beside the functions that throw them.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <system_error>

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

/// An option that cures an error. The library names it in its own words, the tool and the Python module in theirs.
enum class hint_kind : std::uint8_t {
  none,
  choose_member,       ///< data::open_options::member: a zip archive has several tables
  narrow_member,       ///< the same: its glob matches several members
  delimiter,           ///< data::csv_options::delimiter; value: the character
  variable,            ///< data::query_variables; value: the name
  missing,             ///< data::filter_options::missing or on_mismatch; value: the text of the field, in quotes
  missing_or_text,     ///< the same, where the text may also be compared
  lenient,             ///< data::filter_options::on_mismatch
  lenient_as_written,  ///< the same: the text is then compared as it is written
};

struct hint {
  hint_kind kind = hint_kind::none;
  std::string value{};
};

/// The words of a hint, empty for none.
using hint_words = std::string (*)(const hint& given);

/// The words in which the library names its own options; they end `error::what()`.
[[nodiscard]] std::string library_words(const hint& given);

/// A message that ends in library_words(given), with those of `words` in their place.
[[nodiscard]] std::string reworded(std::string message, const hint& given, hint_words words);

/// The parts of an error's message; empty parts are left out of it.
struct error_parts {
  std::string object{};    ///< the thing that failed: a path, a URL, a lock's name
  std::string problem{};   ///< the problem, in words
  std::string cure{};      ///< the remedy
  std::error_code code{};  ///< the system's own code, where there is one
  tequio::hint hint{};     ///< an option that cures it
};

/// The cure and the words of the hint, "; " between them.
[[nodiscard]] std::string advice_of(const error_parts& parts);

/// A failure: `what()` reads "object: problem: system message; cure; words of the hint".
class error : public std::exception {
 public:
  explicit error(error_parts parts);

  [[nodiscard]] const char* what() const noexcept override { return m_message.c_str(); }
  [[nodiscard]] const std::string& object() const noexcept { return m_parts.object; }
  [[nodiscard]] const std::string& problem() const noexcept { return m_parts.problem; }
  [[nodiscard]] const std::string& cure() const noexcept { return m_parts.cure; }
  [[nodiscard]] const std::error_code& code() const noexcept { return m_parts.code; }
  [[nodiscard]] const tequio::hint& hint() const noexcept { return m_parts.hint; }
  [[nodiscard]] const error_parts& parts() const noexcept { return m_parts; }

 private:
  error_parts m_parts;
  std::string m_message;
};

}  // namespace tequio
