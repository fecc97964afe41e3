// SPDX-License-Identifier: MIT
#include "tequio/mutex.hpp"

#include "lock_outcome.hpp"

namespace tequio {
namespace {

constexpr const char* mutex_kind = "mutex";

detail::lock_result acquire(detail::mutex_state& state, detail::deadline until) {
  const detail::lock_result result = state.lock.lock(until);
  if (result == detail::lock_result::mine)
    detail::throw_would_wait_for_itself(state.name.of(mutex_kind), "unlock it first, or use a recursive_mutex");
  return result;
}

}  // namespace

bool mutex::lock_until(detail::deadline until) {
  return detail::is_held_and_whole(*m_state, acquire(*m_state, until), mutex_kind);
}

bool mutex::try_lock() { return detail::is_held_and_whole(*m_state, m_state->lock.try_lock(), mutex_kind); }

std::optional<lock_state> mutex::recover_until(detail::deadline until) {
  return detail::recover(*m_state, acquire(*m_state, until));
}

void mutex::unlock() {
  if (!m_state->lock.is_mine()) detail::throw_not_held(m_state->name.of(mutex_kind));
  m_state->lock.unlock();
}

}  // namespace tequio
