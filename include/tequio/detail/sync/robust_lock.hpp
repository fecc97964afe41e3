// SPDX-License-Identifier: MIT
// The lock under all locks: a word in shared memory that the kernel watches. The next owner is told that the one before
// died, at once and at whatever instruction that was.
#pragma once

#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/futex.hpp"

namespace tequio::detail {

enum class lock_result : std::uint8_t {
  acquired,
  owner_died,  ///< acquired, from an owner that died: the guarded data may be half changed
  timed_out,   ///< or busy, for try_lock()
  mine,        ///< the calling thread holds it already
};

/// A lock in shared memory; all bytes zero is an unlocked one. Without contention neither lock() nor unlock() makes a
/// system call. Its owner is a thread: when the thread or its process ends, the kernel marks the word and wakes a
/// waiter.
///
/// Invariant: a thread that holds the word's owner bits, is about to take them or has just cleared them has this lock
///            in its robust list, or in that list's `pending` place; so the kernel finds it at any instruction. A
///            sleeper has set the word's waiters bit, or looks again within 100 ms: a woken sleeper may die after
///            another thread has taken the word without that bit.
/// Safety:    a signal handler must not take one. The kernel looks at no more than 2048 locks of a thread.
/// Source:    Linux, Documentation/locking/robust-futex-ABI; the list is shared with the C library's robust mutexes.
class robust_lock {
 public:
  robust_lock() noexcept = default;
  robust_lock(const robust_lock&) = delete;
  robust_lock& operator=(const robust_lock&) = delete;
  /// The owner's list must not keep its place when the memory is used again.
  ~robust_lock() { static_cast<void>(unlock_mine()); }

  /// Blocks:  until it is acquired or the deadline has passed.
  [[nodiscard]] lock_result lock(const deadline& until = no_deadline) noexcept;  // by reference: one register
  [[nodiscard]] lock_result try_lock() noexcept;
  /// By the owner only.
  void unlock() noexcept { static_cast<void>(unlock_mine()); }
  /// @return false where the calling thread does not hold it; nothing changes then.
  [[nodiscard]] bool unlock_mine() noexcept;
  /// Whether the calling thread holds it.
  [[nodiscard]] bool is_mine() const noexcept;
  /// Whether a living thread holds it now. The answers and all acquisitions of all locks have one order for all
  /// threads; where none holds it, the writes of its last owner are seen.
  [[nodiscard]] bool is_held() const noexcept;

  /// The kernel's number of the calling thread, as it stands in the word.
  [[nodiscard]] static std::uint32_t this_thread_id() noexcept;

 private:
  [[nodiscard]] lock_result lock_contended(std::uint32_t self, const deadline& until) noexcept;

  // Members lie as in pthread_mutex_t: one offset tells the kernel where the word of any lock in a thread's list is.
  std::atomic<std::uint32_t> m_word{0};  // owner's thread id, and the kernel's bits for waiters and a dead owner
  [[maybe_unused]] std::uint32_t m_unused[5]{};
  [[maybe_unused]] void* m_previous = nullptr;
  void* m_next = nullptr;
};

}  // namespace tequio::detail
