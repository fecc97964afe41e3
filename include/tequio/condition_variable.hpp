// SPDX-License-Identifier: MIT
// Waiting, with a lock given back meanwhile, until others have changed what the lock guards.
// Use an event, latch or queue where one says it already: those need no lock and no condition.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <stop_token>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/mutex_state.hpp"
#include "tequio/detail/sync/watched_value.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// As std::condition_variable_any, in shared memory, for any lock that the waiting threads and processes share:
/// std::unique_lock<mutex>, std::shared_lock<shared_mutex>, or a mutex itself.
///
/// Change the condition under the lock, then notify, with or without the lock. As with std, a wait may also return
/// without a notification of its own: give the waits a predicate. Here that happens where a notify_one() was meant for
/// another: whoever is asleep then looks again within 0.1 s, lest a notification be lost with the one it woke.
///
/// Errors:  what the lock throws when it is taken again, such as owner_died; the lock is not held then.
/// Safety:  callable from any thread and process; who is killed in a call leaves nothing to repair, and sleepers that it
///          did not come to wake notice within 0.1 s.
class condition_variable {
 public:
  /// Errors:  error where there is no memory for it.
  condition_variable() = default;
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;
  /// When all who wait are notified, though they may not have returned.
  ~condition_variable() {
    if (m_state.is_mine() && m_state->has_sleepers()) m_state.abandon();
  }

  /// Wakes one of those that wait, if any do; else it is no system call.
  void notify_one() noexcept { notify(1); }
  /// Wakes all that wait.
  void notify_all() noexcept { notify(detail::every_sleeper); }

  /// Gives the lock back, sleeps, and takes it again.
  ///
  /// Blocks:  until a notification, and then until the lock is free.
  template <class Lock>
  void wait(Lock& lock) {
    static_cast<void>(wait_deadline(lock, detail::no_deadline));
  }
  /// Waits until `condition()` is true, which is asked with the lock held.
  template <class Lock, class Condition>
  void wait(Lock& lock, Condition condition) {
    while (!condition()) wait(lock);
  }
  /// Waits until the condition is true or a stop is requested.
  ///
  /// @return condition().
  template <class Lock, class Condition>
  bool wait(Lock& lock, const std::stop_token& stop, Condition condition) {
    return wait_deadline_until(lock, detail::deadline(stop), condition);
  }

  /// Blocks:  until a notification or the time has passed, and then until the lock is free.
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time) {
    return wait_deadline(lock, detail::deadline_after(time));
  }
  /// @return condition(): false where the time has passed.
  template <class Lock, class Rep, class Period, class Condition>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time, Condition condition) {
    return wait_deadline_until(lock, detail::deadline_after(time), condition);
  }
  template <class Lock, class Rep, class Period, class Condition>
  bool wait_for(Lock& lock, const std::stop_token& stop, const std::chrono::duration<Rep, Period>& time,
                Condition condition) {
    return wait_deadline_until(lock, detail::or_stop(detail::deadline_after(time), stop), condition);
  }

  template <class Lock, class Clock, class Duration>
  std::cv_status wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time) {
    return wait_deadline(lock, detail::deadline_at(time));
  }
  template <class Lock, class Clock, class Duration, class Condition>
  bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time, Condition condition) {
    return wait_deadline_until(lock, detail::deadline_at(time), condition);
  }
  template <class Lock, class Clock, class Duration, class Condition>
  bool wait_until(Lock& lock, const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& time,
                  Condition condition) {
    return wait_deadline_until(lock, detail::or_stop(detail::deadline_at(time), stop), condition);
  }

 private:
  friend class detail::handle_access;
  explicit condition_variable(detail::attached<detail::watched_value> other) noexcept : m_state(other) {}

  /// One waiter: counted, and with the value as it was before the lock was given back, which every notification after
  /// that changes.
  class waiter {
   public:
    explicit waiter(detail::watched_value& notifications) noexcept
        : m_notifications(notifications), m_before(notifications.enter()) {}
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() { m_notifications.leave(); }
    [[nodiscard]] std::cv_status sleep(detail::deadline until) const noexcept;

   private:
    detail::watched_value& m_notifications;
    std::uint32_t m_before;
  };

  void notify(std::uint32_t wakes) noexcept;
  template <class Lock>
  std::cv_status wait_deadline(Lock& lock, detail::deadline until);
  template <class Lock, class Condition>
  bool wait_deadline_until(Lock& lock, detail::deadline until, Condition& condition);

  detail::shared_object<detail::watched_value> m_state{0U};
};

template <class Lock>
std::cv_status condition_variable::wait_deadline(Lock& lock, detail::deadline until) {
  std::cv_status status = std::cv_status::no_timeout;
  {
    const waiter self(*m_state);
    lock.unlock();
    status = self.sleep(until);
  }
  lock.lock();
  return status;
}

template <class Lock, class Condition>
bool condition_variable::wait_deadline_until(Lock& lock, detail::deadline until, Condition& condition) {
  while (!condition())
    if (until.stopped() || wait_deadline(lock, until) == std::cv_status::timeout) return condition();
  return true;
}

}  // namespace tequio
