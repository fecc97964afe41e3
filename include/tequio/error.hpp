// SPDX-License-Identifier: MIT
// What every failure of tequio throws: one family that names the thing, the problem and the cure.
// Use it to catch whatever tequio may throw; more precise types stand beside what throws them.
#pragma once

#include <exception>
#include <string>
#include <system_error>

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

/// The parts of an error's message; empty parts are left out of it.
struct error_parts {
  std::string object{};    ///< what it happened to: a path, a URL, a lock's name
  std::string problem{};   ///< what is wrong, in words
  std::string cure{};      ///< what to do about it
  std::error_code code{};  ///< the system's own code, where it has one
};

/// A failure: `what()` reads "object: problem: system message; cure".
class error : public std::exception {
 public:
  explicit error(error_parts parts);

  [[nodiscard]] const char* what() const noexcept override { return m_message.c_str(); }
  [[nodiscard]] const std::string& object() const noexcept { return m_parts.object; }
  [[nodiscard]] const std::string& problem() const noexcept { return m_parts.problem; }
  [[nodiscard]] const std::string& cure() const noexcept { return m_parts.cure; }
  [[nodiscard]] const std::error_code& code() const noexcept { return m_parts.code; }

 private:
  error_parts m_parts;
  std::string m_message;
};

}  // namespace tequio
