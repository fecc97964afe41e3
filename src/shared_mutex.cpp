// SPDX-License-Identifier: MIT
// Every step is one robust_lock's: a death at any instruction frees what the dead one held. The only news that must
// outlive it, that a writer was at work, is in `writing`, set before lock() returns and cleared in unlock().
#include "tequio/shared_mutex.hpp"

#include <algorithm>

#include "lock_outcome.hpp"

namespace tequio {
namespace {

using detail::at_once;
using detail::deadline;
using detail::is_acquired;
using detail::lock_result;
using detail::robust_lock;
using detail::shared_mutex_state;

constexpr const char* shared_mutex_kind = "shared_mutex";

// How many the thread holds shared, whichever they are: who holds none need not look at the lines of other readers. Too
// many after a fork, which costs that look and nothing else.
thread_local std::uint32_t held_shared = 0;

lock_result take(robust_lock& lock, deadline until) noexcept {
  return until == at_once ? lock.try_lock() : lock.lock(until);
}

void unlock_all(shared_mutex_state& self, std::size_t slots) noexcept {
  while (slots > 0) self.slots[--slots].lock.unlock();
  self.gate.lock.unlock();
}

bool is_mine(const shared_mutex_state& self) noexcept {
  return self.gate.lock.is_mine() ||
         std::any_of(self.slots.begin(), self.slots.end(), [](const auto& slot) { return slot.lock.is_mine(); });
}

// Takes the gate and all slots, or nothing. Whether one was a dead reader's is no news.
lock_result take_all(shared_mutex_state& self, deadline until) noexcept {
  if (is_mine(self)) return lock_result::mine;  // before it waits for a reader that may wait for it
  lock_result result = take(self.gate.lock, until);
  if (!is_acquired(result)) return result;
  for (std::size_t i = 0; i < shared_mutex_state::slot_count; ++i) {
    result = take(self.slots[i].lock, until);
    if (is_acquired(result)) continue;
    unlock_all(self, i);
    return result;
  }
  return self.writing != 0 ? lock_result::owner_died : lock_result::acquired;
}

[[noreturn]] void throw_held_already(const shared_mutex_state& self) {
  detail::throw_would_wait_for_itself(self.name.of(shared_mutex_kind),
                                      "unlock it first; it is not recursive, shared or not");
}

// Waits for a writer that is at work, or that came first.
bool pass_gate(shared_mutex_state& self, deadline until) {
  if (!self.gate.lock.is_held()) return true;
  if (self.gate.lock.is_mine()) throw_held_already(self);
  if (!is_acquired(take(self.gate.lock, until))) return false;
  self.gate.lock.unlock();
  return true;
}

std::size_t home_slot() noexcept { return robust_lock::this_thread_id() % shared_mutex_state::slot_count; }

// The first free slot from this thread's own on. Where all are taken it waits for its own, and now and then looks at all.
robust_lock* take_slot(shared_mutex_state& self, deadline until) {
  const std::size_t home = home_slot();
  for (;;) {
    for (std::size_t i = 0; i < shared_mutex_state::slot_count; ++i) {
      robust_lock& slot = self.slots[(home + i) % shared_mutex_state::slot_count].lock;
      if (is_acquired(slot.try_lock())) return &slot;
    }
    if (detail::has_passed(until)) return nullptr;
    robust_lock& own = self.slots[home].lock;
    if (is_acquired(own.lock(std::min(until.time, detail::deadline_after(detail::look_again).time)))) return &own;
  }
}

bool lock_shared_until(shared_mutex_state& self, deadline until) {
  if (held_shared > 0 && is_mine(self)) throw_held_already(self);  // before it waits for a writer that waits for it
  if (!pass_gate(self, until)) return false;
  robust_lock* const slot = take_slot(self, until);
  if (slot == nullptr) return false;
  if (self.writing == 0) {
    ++held_shared;
    return true;
  }
  slot->unlock();
  detail::throw_owner_died(self.name.of(shared_mutex_kind));
}

bool lock_until(shared_mutex_state& self, deadline until) {
  const lock_result result = take_all(self, until);
  if (result == lock_result::owner_died) {
    unlock_all(self, shared_mutex_state::slot_count);
    detail::throw_owner_died(self.name.of(shared_mutex_kind));
  }
  if (result == lock_result::acquired) self.writing = 1;
  if (result == lock_result::mine && until != at_once) throw_held_already(self);
  return result == lock_result::acquired;
}

}  // namespace

bool shared_mutex::lock_until(deadline until) { return tequio::lock_until(*m_state, until); }

bool shared_mutex::try_lock() { return tequio::lock_until(*m_state, at_once); }

bool shared_mutex::lock_shared_until(deadline until) { return tequio::lock_shared_until(*m_state, until); }

bool shared_mutex::try_lock_shared() { return tequio::lock_shared_until(*m_state, at_once); }

std::optional<lock_state> shared_mutex::recover_until(deadline until) {
  const lock_result result = take_all(*m_state, until);
  if (result == lock_result::mine) throw_held_already(*m_state);
  if (result == lock_result::timed_out) return std::nullopt;
  m_state->writing = 1;
  return result == lock_result::acquired ? lock_state::acquired : lock_state::acquired_from_dead_owner;
}

void shared_mutex::unlock() {
  if (!m_state->gate.lock.is_mine()) detail::throw_not_held(m_state->name.of(shared_mutex_kind));
  m_state->writing = 0;
  unlock_all(*m_state, shared_mutex_state::slot_count);
}

void shared_mutex::unlock_shared() {
  const std::size_t home = home_slot();
  for (std::size_t i = 0; i < shared_mutex_state::slot_count && !m_state->gate.lock.is_mine(); ++i) {
    robust_lock& slot = m_state->slots[(home + i) % shared_mutex_state::slot_count].lock;
    if (!slot.is_mine()) continue;
    slot.unlock();
    --held_shared;
    return;
  }
  detail::throw_not_held(m_state->name.of(shared_mutex_kind));
}

}  // namespace tequio
