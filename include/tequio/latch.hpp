// SPDX-License-Identifier: MIT
// A count of things still to be done, which threads and processes wait to see at zero, once.
// Use a barrier where workers meet again and again, an event where one of them gives the sign.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/watched_value.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// As std::latch, in shared memory: every worker forked later counts on the same latch.
///
/// A worker that dies before it has counted is not counted. The owner of its process handle, which learns of the death,
/// calls count_down() in its place; or the waiters use wait_for().
///
/// Safety:  callable from any thread and process. A worker killed in a call has counted or has not. A waiter may
///          destroy the latch after its wait: count_down() does not touch it after the count.
class latch {
 public:
  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return 0x7fffffff; }

  /// Errors:  error where `expected` is negative or more than max(), or there is no memory for it.
  explicit latch(std::ptrdiff_t expected);
  latch(const latch&) = delete;
  latch& operator=(const latch&) = delete;

  /// Errors:  error where `count` is negative or more than what is left; nothing is counted then.
  void count_down(std::ptrdiff_t count = 1);
  /// What is left to count; a moment later it may be less.
  [[nodiscard]] std::ptrdiff_t value() const noexcept { return m_state->load(); }
  /// Whether the count is zero.
  [[nodiscard]] bool try_wait() const noexcept { return m_state->load() == 0; }

  /// Blocks:  until the count is zero.
  void wait() const noexcept { static_cast<void>(wait_deadline(detail::no_deadline)); }

  /// @return whether the count came to zero before a stop was requested.
  ///
  /// Blocks:  until the count is zero or a stop is requested.
  [[nodiscard]] bool wait(const std::stop_token& stop) const noexcept { return wait_deadline(detail::deadline(stop)); }

  /// @return whether the count came to zero in time.
  ///
  /// Blocks:  until the count is zero or the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& time) const {
    return wait_deadline(detail::deadline_after(time));
  }
  /// As wait_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return wait_deadline(detail::deadline_at(time));
  }

  /// count_down() and wait().
  void arrive_and_wait(std::ptrdiff_t count = 1);
  /// count_down() and wait(stop): the count stays where a stop is requested.
  [[nodiscard]] bool arrive_and_wait(const std::stop_token& stop, std::ptrdiff_t count = 1) {
    count_down(count);
    return wait(stop);
  }
  /// count_down() and wait_for(): the count stays where the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool arrive_and_wait_for(const std::chrono::duration<Rep, Period>& time, std::ptrdiff_t count = 1) {
    const detail::deadline until = detail::deadline_after(time);
    count_down(count);
    return wait_deadline(until);
  }
  /// As arrive_and_wait_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool arrive_and_wait_until(const std::chrono::time_point<Clock, Duration>& time,
                                           std::ptrdiff_t count = 1) {
    count_down(count);
    return wait_until(time);
  }

 private:
  friend class detail::handle_access;
  explicit latch(detail::attached<detail::watched_value> other) noexcept : m_state(other) {}

  [[nodiscard]] bool wait_deadline(detail::deadline until) const noexcept;

  detail::shared_object<detail::watched_value> m_state;
};

}  // namespace tequio
