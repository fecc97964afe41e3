// SPDX-License-Identifier: MIT
// A place in shared memory to sleep at until there is work. Without sleepers a wake is one load; with sleepers it wakes
// one, which passes it on. For queues; a lock has its own.
#pragma once

#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/futex.hpp"

namespace tequio::detail {

/// Sleepers of any process; all bytes zero is a place without sleepers.
///
/// A sleeper: ticket = announce(); looks for work; without work sleep(ticket), and again. At its end, with or without
/// work, leave(whether there is more work). A waker: changes the state by a sequentially consistent store, then
/// wake_one().
///
/// Invariant: while a thread sleeps the lowest bit of the word is set, or another sleeper was woken since and has not
///            left yet. So a change after an announce() reaches a sleeper, either by the waker or by the sleeper that
///            was woken before and passes it on. A death on that way costs 0.1 s, and no state is wrong after it.
class sleepers {
 public:
  [[nodiscard]] std::uint32_t announce() noexcept { return m_word.fetch_or(1) | 1U; }

  /// Sleeps until a wake since the announcement, for 0.1 s at most, or until the deadline.
  ///
  /// @return false where the deadline has passed.
  bool sleep(std::uint32_t ticket, deadline until) const noexcept { return futex_watch(m_word, ticket, until); }

  void leave(bool something_left) noexcept {
    static_cast<void>(announce());  // others may sleep here, and this wake was meant for all
    if (something_left) wake_one();
  }

  void wake_one() noexcept {
    std::uint32_t seen = m_word.load();
    // clearing the bit changes the word, so that a thread which has announced itself does not fall asleep; if another
    // waker was faster, that one wakes the sleeper
    if ((seen & 1U) != 0 && m_word.compare_exchange_strong(seen, seen + 1)) futex_wake(m_word, 1);
  }

  void wake_all() noexcept {
    m_word.fetch_add(2);
    futex_wake(m_word, every_sleeper);
  }

 private:
  std::atomic<std::uint32_t> m_word{0};  // lowest bit: a thread may sleep; the others count the wakes
};

}  // namespace tequio::detail
