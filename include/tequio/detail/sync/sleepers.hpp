// SPDX-License-Identifier: MIT
// A place in shared memory to sleep at until there is something to do: waking is one load while nobody sleeps there, and
// one sleeper at a time otherwise, who passes it on. For queues; a lock has its own.
#pragma once

#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/futex.hpp"

namespace tequio::detail {

/// Sleepers of any process; all bytes zero is a place where nobody sleeps.
///
/// A sleeper: ticket = announce(); looks whether there is something to do; if not, sleep(ticket); and so on. When it
/// goes, with or without what it came for, it says leave(whether there is something left).
/// A waker: changes the state by a sequentially consistent store, then wake_one().
///
/// Invariant: whoever sleeps finds the lowest bit of the word set, or somebody was woken since and has not left yet. So a
///            change after an announce() reaches a sleeper, either by the waker or by the one who was woken before and
///            passes it on. A death on that way costs 0.1 s, and no state is wrong after it.
class sleepers {
 public:
  [[nodiscard]] std::uint32_t announce() noexcept { return m_word.fetch_or(1) | 1U; }

  /// Sleeps until a wake since the announcement, for 0.1 s at most, or until the deadline.
  ///
  /// @return false where the deadline has passed.
  bool sleep(std::uint32_t ticket, deadline until) const noexcept { return futex_watch(m_word, ticket, until); }

  void leave(bool something_left) noexcept {
    static_cast<void>(announce());  // others may sleep here, whose wake this one was
    if (something_left) wake_one();
  }

  void wake_one() noexcept {
    std::uint32_t seen = m_word.load();
    // taking the bit away changes the word, so that who announced but does not sleep yet will not; if another waker was
    // faster, it wakes the one
    if ((seen & 1U) != 0 && m_word.compare_exchange_strong(seen, seen + 1)) futex_wake(m_word, 1);
  }

  void wake_all() noexcept {
    m_word.fetch_add(2);
    futex_wake(m_word, every_sleeper);
  }

 private:
  std::atomic<std::uint32_t> m_word{0};  // lowest bit: somebody may sleep; the others count the wakes
};

}  // namespace tequio::detail
