// SPDX-License-Identifier: MIT
// A number in shared memory that threads and processes sleep on until it changes. Events, latches, semaphores and
// condition variables are made of it. A change without sleepers makes no system call.
#pragma once

#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/futex.hpp"

namespace tequio::detail {

/// A 32-bit value and the count of its sleepers, in one word.
///
/// Invariant: the count is never below the number of sleepers. A death asleep leaves it too high, which costs system
///            calls that wake no thread. A change of the value reads the count in the same instruction: either the
///            sleeper is counted and woken, or it counted itself after the change, and the kernel, which compares, does
///            not let it sleep. After that instruction a change does not touch the value (a wake only names its
///            address), so the last change that is waited for may be followed by the value's end.
class watched_value {
 public:
  explicit watched_value(std::uint32_t value) noexcept : m_both(std::uint64_t{value} << value_shift) {}
  watched_value(const watched_value&) = delete;
  watched_value& operator=(const watched_value&) = delete;

  [[nodiscard]] std::uint32_t load() const noexcept { return value_in(m_both.load(std::memory_order_acquire)); }

  /// Replaces `expected` by `wanted`, and wakes up to `wakes` sleepers.
  ///
  /// @return false where the value was another; `expected` is that value then.
  [[nodiscard]] bool replace(std::uint32_t& expected, std::uint32_t wanted, std::uint32_t wakes) noexcept;

  /// Adds one and wakes up to `wakes` sleepers.
  void increment(std::uint32_t wakes) noexcept;

  /// Sleeps while the value is `expected`: until a wake, a change, 0.1 s (see futex_watch()) or the deadline.
  ///
  /// @return false where the deadline has passed.
  bool watch(std::uint32_t expected, deadline until) noexcept;

  /// The parts of watch(), for a sleeper that must be counted earlier: one enter(), any number of sleep(), one leave().
  [[nodiscard]] std::uint32_t enter() noexcept { return value_in(m_both.fetch_add(1, std::memory_order_acq_rel)); }
  bool sleep(std::uint32_t expected, deadline until) const noexcept {
    return futex_watch(upper_half(m_both), expected, until);
  }
  void leave() noexcept { m_both.fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] bool has_sleepers() const noexcept { return sleepers_in(m_both.load(std::memory_order_acquire)) != 0; }

 private:
  // The value is the upper half: its overflow changes nothing else.
  static constexpr int value_shift = 32;
  static std::uint32_t value_in(std::uint64_t both) noexcept { return static_cast<std::uint32_t>(both >> value_shift); }
  static std::uint32_t sleepers_in(std::uint64_t both) noexcept { return static_cast<std::uint32_t>(both); }
  void wake(std::uint64_t before, std::uint32_t wakes) const noexcept;

  std::atomic<std::uint64_t> m_both;
};

}  // namespace tequio::detail
