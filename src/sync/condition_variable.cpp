// SPDX-License-Identifier: MIT
#include "tequio/condition_variable.hpp"

namespace tequio {

// A waiter that this call does not see takes the lock after the change of the condition, and sees that change.
void condition_variable::notify(std::uint32_t wakes) noexcept {
  if (m_state->has_sleepers()) m_state->increment(wakes);
}

std::cv_status condition_variable::waiter::sleep(detail::deadline until) const noexcept {
  bool in_time = true;
  while (in_time && m_notifications.load() == m_before) in_time = m_notifications.sleep(m_before, until);
  // as with std, the time decides: a waiter whose condition never comes true must end, even under notifications without
  // end
  return detail::has_passed(until) ? std::cv_status::timeout : std::cv_status::no_timeout;
}

}  // namespace tequio
