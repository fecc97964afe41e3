// SPDX-License-Identifier: MIT
// A number of units that threads and processes take and give back: at most four downloads at a time, three licences.
// Use a mutex to guard data: the units of a semaphore have no owner.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/watched_value.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// As std::counting_semaphore, in shared memory: every worker forked later takes from the same units. With one unit of
/// one, counting_semaphore(1, 1), it is a binary semaphore.
///
/// The units that a worker held when it died are gone. The owner of its process handle, which learns of the death,
/// gives them back with release(). For data that one thread at a time may touch use a mutex, which reports the death
/// itself.
///
/// Safety:  callable from any thread and process. A worker killed in a call has taken or given its units, or has not;
///          sleepers that it should have woken notice within 0.1 s.
class counting_semaphore {
 public:
  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return 0x7fffffff; }

  /// @param units free units at first.
  /// @param most largest number of free units: a unit given back twice is an error then, and not one worker too many.
  ///
  /// Errors:  error unless 0 <= units <= most <= max() and most >= 1; error where there is no memory for it.
  explicit counting_semaphore(std::ptrdiff_t units, std::ptrdiff_t most = max());
  counting_semaphore(const counting_semaphore&) = delete;
  counting_semaphore& operator=(const counting_semaphore&) = delete;

  /// Gives units back, or adds new ones. Makes no system call without sleepers.
  ///
  /// Errors:  error where more than `most` would be free, or `count` is negative; nothing changes then.
  void release(std::ptrdiff_t count = 1);

  /// Takes a unit; makes no system call where one is free.
  ///
  /// Blocks:  until one is free.
  void acquire() noexcept { static_cast<void>(acquire_deadline(detail::no_deadline)); }
  /// @return whether it has taken one; false where none was free when a stop was requested.
  ///
  /// Blocks:  until one is free or a stop is requested.
  [[nodiscard]] bool acquire(const std::stop_token& stop) noexcept { return acquire_deadline(detail::deadline(stop)); }
  /// @return whether it has taken one.
  [[nodiscard]] bool try_acquire() noexcept;

  /// @return whether it has taken a unit.
  ///
  /// Blocks:  until one is free or the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(const std::chrono::duration<Rep, Period>& time) {
    return try_acquire() || acquire_deadline(detail::deadline_after(time));
  }
  /// As try_acquire_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_acquire() || acquire_deadline(detail::deadline_at(time));
  }

  /// The number of free units; a moment later it may be another.
  [[nodiscard]] std::ptrdiff_t value() const noexcept { return m_state->free.load(); }

 private:
  friend class detail::handle_access;
  struct state {
    state(std::ptrdiff_t units, std::ptrdiff_t most);
    detail::watched_value free;
    std::uint32_t most;
  };
  explicit counting_semaphore(detail::attached<state> other) noexcept : m_state(other) {}
  [[nodiscard]] bool acquire_deadline(detail::deadline until) noexcept;

  detail::shared_object<state> m_state;
};

}  // namespace tequio
