// SPDX-License-Identifier: MIT
#include "tequio/recursive_mutex.hpp"

#include "sync/lock_outcome.hpp"

namespace tequio {
namespace {

constexpr const char* recursive_mutex_kind = "recursive_mutex";

// Locks it once more for its owner; false for any other thread.
bool deepen(detail::recursive_mutex_state& state) noexcept {
  if (!state.lock.is_mine()) return false;
  ++state.depth;
  return true;
}

bool take(detail::recursive_mutex_state& state, detail::lock_result result) {
  if (!detail::is_held_and_whole(state, result, recursive_mutex_kind)) return false;
  state.depth = 1;
  return true;
}

}  // namespace

bool recursive_mutex::lock_until(const detail::deadline& until) {
  return deepen(*m_state) || take(*m_state, m_state->lock.lock(until));
}

bool recursive_mutex::try_lock() { return deepen(*m_state) || take(*m_state, m_state->lock.try_lock()); }

std::optional<lock_state> recursive_mutex::recover_until(detail::deadline until) {
  if (deepen(*m_state)) return lock_state::acquired;
  const auto taken = detail::recover(*m_state, m_state->lock.lock(until));
  if (taken) m_state->depth = 1;
  return taken;
}

void recursive_mutex::unlock() {
  if (!m_state->lock.is_mine()) detail::throw_not_held(m_state->name.of(recursive_mutex_kind));
  if (--m_state->depth == 0) m_state->lock.unlock();
}

}  // namespace tequio
