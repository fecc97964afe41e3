// SPDX-License-Identifier: MIT
// A flag that threads and processes wait for: "go", "the data is ready", "stop".
// Use a latch to wait for several workers, a condition_variable for a condition of your own.
#pragma once

#include <chrono>
#include <stop_token>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/watched_value.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// A flag in shared memory, not set at first. Every worker forked later sees the same flag.
///
/// Safety:  callable from any thread and process. A death in a call leaves the flag set or not set; sleepers that were
///          to be woken notice within 0.1 s.
class event {
 public:
  /// Errors:  error where there is no memory for it.
  event() = default;
  event(const event&) = delete;
  event& operator=(const event&) = delete;

  /// Sets the flag: all waiters go on, even where clear() follows at once.
  void set() noexcept;
  /// Clears the flag: later waits wait for the next set().
  void clear() noexcept;
  [[nodiscard]] bool is_set() const noexcept { return is_set(m_state->load()); }

  /// Blocks:  until the flag is set.
  void wait() const noexcept { static_cast<void>(wait_deadline(detail::no_deadline)); }

  /// @return whether the flag was set before a stop was requested.
  ///
  /// Blocks:  until the flag is set or a stop is requested.
  [[nodiscard]] bool wait(const std::stop_token& stop) const noexcept { return wait_deadline(detail::deadline(stop)); }

  /// @return whether the flag was set in time.
  ///
  /// Blocks:  until the flag is set or the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& time) const {
    return wait_deadline(detail::deadline_after(time));
  }
  /// As wait_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return wait_deadline(detail::deadline_at(time));
  }

 private:
  friend class detail::handle_access;
  explicit event(detail::attached<detail::watched_value> other) noexcept : m_state(other) {}

  // The value counts the changes of the flag. Odd is set.
  [[nodiscard]] static bool is_set(std::uint32_t changes) noexcept { return changes % 2 != 0; }
  [[nodiscard]] bool wait_deadline(detail::deadline until) const noexcept;

  detail::shared_object<detail::watched_value> m_state{0U};
};

}  // namespace tequio
