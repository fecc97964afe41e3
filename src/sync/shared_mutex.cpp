// SPDX-License-Identifier: MIT
// Every step is a step of one robust_lock: a death at any instruction frees what the thread held. Only one fact must
// outlive it, that a writer was at work: `writing`, set before lock() returns and cleared in unlock().
// Invariant: a reader takes a slot and then looks at the gate; a writer takes the gate and then looks at all slots. So
//            one of the two sees the other, and a reader that sees a writer lets go of its slot and waits at the gate.
#include "tequio/shared_mutex.hpp"
#include "sync/look_again.hpp"

#include <algorithm>

#include "sync/lock_outcome.hpp"

namespace tequio {
namespace {

using detail::at_once;
using detail::deadline;
using detail::is_acquired;
using detail::lock_result;
using detail::robust_lock;
using detail::shared_mutex_state;

constexpr const char* shared_mutex_kind = "shared_mutex";

// The number of shared_mutexes that the thread holds shared: a thread that holds none need not look at the lines of
// other readers. It is too high after a fork, which costs that look and no more.
thread_local std::uint32_t held_shared = 0;

lock_result take(robust_lock& lock, deadline until) noexcept {
  return until == at_once ? lock.try_lock() : lock.lock(until);
}

bool is_mine(const shared_mutex_state& self) noexcept {
  return self.gate.lock.is_mine() ||
         std::any_of(self.slots.begin(), self.slots.end(), [](const auto& slot) { return slot.lock.is_mine(); });
}

// Takes the gate when all slots are free, or nothing. It keeps no slot, because the kernel looks at a limited number of
// locks per thread. A dead reader in a slot is not reported.
lock_result take_gate(shared_mutex_state& self, deadline until) noexcept {
  if (is_mine(self)) return lock_result::mine;  // before it waits for a reader that may wait for it
  lock_result result = take(self.gate.lock, until);
  if (!is_acquired(result)) return result;
  for (auto& slot : self.slots) {
    if (!slot.lock.is_held()) continue;
    result = take(slot.lock, until);
    if (is_acquired(result)) {
      slot.lock.unlock();
    } else {
      self.gate.lock.unlock();
      return result;
    }
  }
  return self.writing != 0 ? lock_result::owner_died : lock_result::acquired;
}

[[noreturn]] void throw_held_already(const shared_mutex_state& self) {
  detail::throw_would_wait_for_itself(self.name.of(shared_mutex_kind),
                                      "unlock it first; it is not recursive, shared or not");
}

std::size_t home_slot() noexcept { return robust_lock::this_thread_id() % shared_mutex_state::slot_count; }

// The first free slot, from this thread's own on. Where all are taken it waits for its own, and looks at all every 0.1
// s.
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
  if (held_shared > 0 && is_mine(self)) throw_held_already(self);  // before it waits for a writer, which waits for it
  for (;;) {
    // it waits for a writer that is at work or came first, and lets no other writer in until it has its slot
    const bool waits = self.gate.lock.is_held();
    if (waits && self.gate.lock.is_mine()) throw_held_already(self);
    if (waits && !is_acquired(take(self.gate.lock, until))) return false;
    robust_lock* const slot = take_slot(self, until);
    const bool too_late = !waits && self.gate.lock.is_held();
    if (waits) self.gate.lock.unlock();
    if (slot == nullptr) return false;
    if (!too_late && self.writing == 0) {
      ++held_shared;
      return true;
    }
    slot->unlock();
    if (!too_late) detail::throw_owner_died(self.name.of(shared_mutex_kind));
  }
}

bool lock_until(shared_mutex_state& self, deadline until) {
  const lock_result result = take_gate(self, until);
  if (result == lock_result::owner_died) {
    self.gate.lock.unlock();
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
  const lock_result result = take_gate(*m_state, until);
  if (result == lock_result::mine) throw_held_already(*m_state);
  if (result == lock_result::timed_out) return std::nullopt;
  m_state->writing = 1;
  return result == lock_result::acquired ? lock_state::acquired : lock_state::acquired_from_dead_owner;
}

void shared_mutex::unlock() {
  if (!m_state->gate.lock.is_mine()) detail::throw_not_held(m_state->name.of(shared_mutex_kind));
  m_state->writing = 0;
  m_state->gate.lock.unlock();
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
