// SPDX-License-Identifier: MIT
// Waiting without the lock until another thread or process has changed the data that the lock guards. Use an event,
// latch or queue where one of them fits: those need no lock and no condition.
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
/// Change the condition under the lock, then notify, with or without the lock. As with std, a wait may return without a
/// notification: give the waits a predicate. Here that happens within 0.1 s of a notify_one() for another waiter,
/// because the waiter that it woke may have died.
///
/// Errors:  those of the lock when it is taken again, such as owner_died; it is not held then.
/// Safety:  callable from any thread and process. A death in a call leaves nothing to repair; sleepers that were to be
///          woken notice within 0.1 s.
class condition_variable {
 public:
  /// Errors:  error where there is no memory for it.
  condition_variable() = default;
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;
  /// May run when all waiters are notified, also before they have returned.
  ~condition_variable() {
    if (m_state.is_mine() && m_state->has_sleepers()) m_state.abandon();
  }

  /// Wakes one waiter; makes no system call if there is none.
  void notify_one() noexcept { notify(1); }
  /// Wakes all waiters.
  void notify_all() noexcept { notify(detail::every_sleeper); }

  /// Unlocks, sleeps, and locks again.
  ///
  /// Blocks:  until a notification, and then until the lock is free.
  template <class Lock>
  void wait(Lock& lock) {
    static_cast<void>(wait_deadline(lock, detail::no_deadline));
  }
  /// Waits until `condition()` is true; it is called with the lock held.
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

  /// One waiter. It is counted and knows the value from before the unlock, which every later notification changes.
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
