// SPDX-License-Identifier: MIT
// Sleepers look again by themselves, for the sake of deaths. Where nobody dies that would hide a wake that is never given:
// while one of these lives they do not look in the life of a test, and a missing wake is a hang.
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
