// SPDX-License-Identifier: MIT
// A std::timed_mutex for threads and processes, which reports the death of its owner. Use it with std::scoped_lock and
// std::unique_lock. For a value and its lock in one see shared_value; for many readers shared_mutex; for an owner that
// locks again recursive_mutex.
#pragma once

#include <optional>
#include <string_view>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/mutex_state.hpp"
#include "tequio/detail/sync/timed_lock.hpp"

namespace tequio {

namespace detail {
struct inner_mutex;
}  // namespace detail

/// A mutex in shared memory: make it before the workers that use it, and let them capture it by reference.
///
/// Meets:   TimedLockable of the standard library. Not recursive, not fair. lock(), its timed forms and those that
///          recover are detail::timed_lock's.
/// Blocks:  lock() until it is free. Without contention neither lock() nor unlock() makes a system call.
/// Errors:  error where the owner locks again (it would wait for itself), and where a thread that is not the owner
///          unlocks; owner_died from every way to lock it except lock_or_recover().
/// Safety:  its owner is a thread; a forked child does not own what its parent holds. Not for signal handlers.
class mutex : public detail::timed_lock<mutex> {
 public:
  /// @param name its name in errors; the first 47 bytes are kept.
  explicit mutex(std::string_view name = {}) : m_state(name) {}
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;
  ~mutex() = default;

  /// @return false where it is held, also by the caller.
  [[nodiscard]] bool try_lock();
  void unlock() {
    if (!m_state->lock.unlock_mine()) refuse_unlock();
  }

 private:
  friend class detail::timed_lock<mutex>;
  friend class detail::handle_access;
  friend struct detail::inner_mutex;
  explicit mutex(detail::attached<detail::mutex_state> state) noexcept : m_state(state) {}

  [[nodiscard]] bool lock_until(const detail::deadline& until) {
    const detail::lock_result result = m_state->lock.lock(until);
    return (result == detail::lock_result::acquired && m_state->abandoned == 0) || is_held_and_whole(result);
  }
  [[nodiscard]] bool is_held_and_whole(detail::lock_result result);
  [[noreturn]] void refuse_unlock() const;
  [[nodiscard]] std::optional<lock_state> recover_until(detail::deadline until);

  detail::shared_object<detail::mutex_state> m_state;
};

namespace detail {

/// Gives a mutex whose state is part of a larger object in shared memory, beside the data that it guards.
struct inner_mutex {
  [[nodiscard]] static mutex attach(mutex_state& state) noexcept { return mutex(attached<mutex_state>{&state}); }
};

}  // namespace detail
}  // namespace tequio
