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
  append("; ", parts.cure);
  return message;
}

}  // namespace

error::error(error_parts parts) : m_parts(std::move(parts)), m_message(compose(m_parts)) {}

}  // namespace tequio
