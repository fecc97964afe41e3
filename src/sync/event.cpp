// SPDX-License-Identifier: MIT
#include "tequio/event.hpp"

namespace tequio {

void event::set() noexcept {
  std::uint32_t changes = m_state->load();
  while (!is_set(changes) && !m_state->replace(changes, changes + 1, detail::every_sleeper)) {
  }
}

void event::clear() noexcept {
  std::uint32_t changes = m_state->load();
  while (is_set(changes) && !m_state->replace(changes, changes + 1, 0)) {
  }
}

bool event::wait_deadline(detail::deadline until) const noexcept {
  const std::uint32_t before = m_state->load();
  if (is_set(before)) return true;
  // the next change is a set
  bool in_time = true;
  while (in_time && m_state->load() == before) in_time = m_state->watch(before, until);
  return m_state->load() != before;
}

}  // namespace tequio
