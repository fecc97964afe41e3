// SPDX-License-Identifier: MIT
// Sleepers look again by themselves, because a waker may die. In a test without a death that would hide a missing wake.
// While one of these objects lives, sleepers do not look again, and a missing wake is a hang.
#pragma once

#include <chrono>

#include "sync/look_again.hpp"

namespace tequio::test {

class no_second_look {
 public:
  no_second_look() { detail::look_again = std::chrono::hours(1); }
  no_second_look(const no_second_look&) = delete;
  no_second_look& operator=(const no_second_look&) = delete;
  ~no_second_look() { detail::look_again = m_usual; }

 private:
  const std::chrono::milliseconds m_usual = detail::look_again;
};

}  // namespace tequio::test
