// SPDX-License-Identifier: MIT
// The timed and recovering forms of a lock, once for mutex, recursive_mutex and shared_mutex.
#pragma once

#include <chrono>
#include <optional>

#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/mutex_state.hpp"

namespace tequio::detail {

/// A base of `Lock`, which has two members, for its friend timed_lock<Lock> alone:
///   bool lock_until(deadline)                            false where it was held until then
///   std::optional<lock_state> recover_until(deadline)    nothing where it was held until then
template <class Lock>
class timed_lock {
 public:
  /// Blocks:  until it is acquired.
  void lock() { static_cast<void>(self().lock_until(no_deadline)); }
  /// @return false where it was held all that time.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& time) {
    return self().lock_until(deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return self().lock_until(deadline_at(time));
  }

  /// As lock(), for a caller that can repair what the lock guards: acquires it from a dead owner as well, and says so.
  /// It counts as repaired from then on; if the new owner dies too, the next caller is told again.
  [[nodiscard]] lock_state lock_or_recover() { return self().recover_until(no_deadline).value(); }
  /// @return nothing where another held it all that time.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<lock_state> try_lock_or_recover_for(const std::chrono::duration<Rep, Period>& time) {
    return self().recover_until(deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<lock_state> try_lock_or_recover_until(
      const std::chrono::time_point<Clock, Duration>& time) {
    return self().recover_until(deadline_at(time));
  }

 private:
  friend Lock;
  timed_lock() noexcept = default;
  ~timed_lock() = default;
  [[nodiscard]] Lock& self() noexcept { return static_cast<Lock&>(*this); }
};

}  // namespace tequio::detail
