// SPDX-License-Identifier: MIT
#include "tequio/mutex.hpp"

#include "sync/lock_outcome.hpp"

namespace tequio {
namespace {

constexpr const char* mutex_kind = "mutex";

void refuse_relock(const detail::mutex_state& state, detail::lock_result result) {
  if (result == detail::lock_result::mine)
    detail::throw_would_wait_for_itself(state.name.of(mutex_kind), "unlock it first, or use a recursive_mutex");
}

}  // namespace

bool mutex::is_held_and_whole(detail::lock_result result) {
  refuse_relock(*m_state, result);
  return detail::is_held_and_whole(*m_state, result, mutex_kind);
}

bool mutex::try_lock() { return detail::is_held_and_whole(*m_state, m_state->lock.try_lock(), mutex_kind); }

std::optional<lock_state> mutex::recover_until(detail::deadline until) {
  const detail::lock_result result = m_state->lock.lock(until);
  refuse_relock(*m_state, result);
  return detail::recover(*m_state, result);
}

void mutex::refuse_unlock() const { detail::throw_not_held(m_state->name.of(mutex_kind)); }

}  // namespace tequio
