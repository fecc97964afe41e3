// SPDX-License-Identifier: MIT
#include "tequio/error.hpp"

#include <utility>

namespace tequio {
namespace {

std::string compose(const error_parts& parts) {
  std::string message = parts.object;
  const auto append = [&](const char* separator, const std::string& text) {
    if (text.empty()) return;
    if (!message.empty()) message += separator;
    message += text;
  };
  append(": ", parts.problem);
  if (parts.code) append(": ", parts.code.message());
  append("; ", advice_of(parts));
  return message;
}

}  // namespace

std::string advice_of(const error_parts& parts) {
  const std::string words = library_words(parts.hint);
  return parts.cure.empty() || words.empty() ? parts.cure + words : parts.cure + "; " + words;
}

error::error(error_parts parts) : m_parts(std::move(parts)), m_message(compose(m_parts)) {}

}  // namespace tequio
