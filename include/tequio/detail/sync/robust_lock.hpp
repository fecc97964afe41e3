// SPDX-License-Identifier: MIT
// The lock under all locks: a word in shared memory that the kernel looks after, so that the death of its owner is told
// to the next one who takes it, at once and whatever instruction it died at.
#pragma once

#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/futex.hpp"

namespace tequio::detail {

enum class lock_result : std::uint8_t {
  acquired,
  owner_died,  ///< acquired, from an owner that died: what the lock guards may be half changed
  timed_out,   ///< or busy, for try_lock()
  mine,        ///< the calling thread holds it already
};

/// A lock in shared memory; all bytes zero is an unlocked one. Without contention neither lock() nor unlock() is a
/// system call. Owned by a thread; when it, or its process, ends, the kernel marks the word and wakes a waiter.
///
/// Invariant: whoever holds the word's owner bits, is about to take them or has just cleared them has this lock in its
///            robust list, or in that list's `pending` place; so at any instruction the kernel finds it.
///            Whoever sleeps has set the word's waiters bit or sees within 100 ms that it is gone: a woken sleeper may
///            die after another has taken the word without that bit.
/// Safety:    a signal handler must not take one. The kernel looks at no more than 2048 locks of a thread.
/// Source:    Linux, Documentation/locking/robust-futex-ABI; the list is shared with the C library's robust mutexes.
class robust_lock {
 public:
  robust_lock() noexcept = default;
  robust_lock(const robust_lock&) = delete;
  robust_lock& operator=(const robust_lock&) = delete;
  /// Its place in the owner's list must not stay behind when the memory is used again.
  ~robust_lock() { static_cast<void>(unlock_mine()); }

  /// Blocks:  until it is acquired or the deadline has passed.
  [[nodiscard]] lock_result lock(const deadline& until = no_deadline) noexcept;  // one register, where it is not needed
  [[nodiscard]] lock_result try_lock() noexcept;
  /// By the owner only.
  void unlock() noexcept { static_cast<void>(unlock_mine()); }
  /// False, and nothing else, where the calling thread does not hold it.
  [[nodiscard]] bool unlock_mine() noexcept;
  /// Whether the calling thread holds it.
  [[nodiscard]] bool is_mine() const noexcept;
  /// Whether a living thread holds it at this moment. In one order, for all threads, with all acquisitions of all locks;
  /// where it does not, what the last owner wrote is seen.
  [[nodiscard]] bool is_held() const noexcept;

  /// The number by which the kernel knows the calling thread as an owner.
  [[nodiscard]] static std::uint32_t this_thread_id() noexcept;

 private:
  [[nodiscard]] lock_result lock_contended(std::uint32_t self, const deadline& until) noexcept;

  // The places of pthread_mutex_t's members, which one offset tells the kernel for all locks in a thread's list.
  std::atomic<std::uint32_t> m_word{0};  // owner's thread id, and the kernel's bits for waiters and a dead owner
  [[maybe_unused]] std::uint32_t m_unused[5]{};
  [[maybe_unused]] void* m_previous = nullptr;
  void* m_next = nullptr;
};

}  // namespace tequio::detail
