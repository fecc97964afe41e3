// SPDX-License-Identifier: MIT
// A mutex whose owner may lock it again: a std::recursive_timed_mutex for threads and processes. For functions that
// lock and call each other; elsewhere use a mutex, which finds the mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tequio/mutex.hpp"

namespace tequio {

namespace detail {

struct recursive_mutex_state : mutex_state {
  using mutex_state::mutex_state;

  std::uint64_t depth = 0;  // how often its owner has locked it; after a dead owner it means nothing
};

}  // namespace detail

/// As mutex in all else: it is free after as many unlock() as its owner called lock().
///
/// Meets:   TimedLockable of the standard library.
/// Errors:  error where a thread that is not the owner unlocks; owner_died as with mutex.
class recursive_mutex : public detail::timed_lock<recursive_mutex> {
 public:
  /// @param name its name in errors; the first 47 bytes are kept.
  explicit recursive_mutex(std::string_view name = {}) : m_state(name) {}
  recursive_mutex(const recursive_mutex&) = delete;
  recursive_mutex& operator=(const recursive_mutex&) = delete;
  ~recursive_mutex() = default;

  /// @return false where another thread holds it.
  [[nodiscard]] bool try_lock();
  void unlock();

 private:
  friend class detail::timed_lock<recursive_mutex>;
  friend class detail::handle_access;
  explicit recursive_mutex(detail::attached<detail::recursive_mutex_state> state) noexcept : m_state(state) {}

  [[nodiscard]] bool lock_until(const detail::deadline& until);
  [[nodiscard]] std::optional<lock_state> recover_until(detail::deadline until);

  detail::shared_object<detail::recursive_mutex_state> m_state;
};

}  // namespace tequio
