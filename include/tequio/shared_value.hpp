// SPDX-License-Identifier: MIT
// A value that threads and processes change, one at a time: the only way to it is its lock, which therefore cannot be
// forgotten. For a single number shared_atomic is faster; for many values use shared_array.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/mutex.hpp"
#include "tequio/shareable.hpp"

namespace tequio {

template <class T>
class shared_value;

/// The lock on a shared_value and the way to the value: `auto v = total.lock(); *v += 1;`. Its destructor unlocks. It
/// is empty where a try failed: `if (auto v = total.try_lock()) *v += 1;`. A condition_variable takes it as a lock.
template <class T>
class locked_value {
 public:
  locked_value(locked_value&& other) noexcept
      : m_mutex(other.m_mutex),
        m_place(other.m_place),
        m_value(std::exchange(other.m_value, nullptr)),
        m_state(other.m_state) {}
  locked_value& operator=(locked_value&&) = delete;
  ~locked_value() {
    if (m_value != nullptr) m_mutex->unlock();
  }

  /// Errors:  error where it is empty or was unlocked.
  [[nodiscard]] T& operator*() const { return *checked(); }
  [[nodiscard]] T* operator->() const { return checked(); }
  explicit operator bool() const noexcept { return m_value != nullptr; }
  /// Whether the owner before died with the lock; for the results of lock_or_recover().
  [[nodiscard]] lock_state state() const noexcept { return m_state; }

  void unlock() {
    static_cast<void>(checked());
    m_value = nullptr;
    m_mutex->unlock();
  }
  /// After unlock().
  void lock() {
    m_mutex->lock();
    m_value = m_place;
  }

 private:
  friend class shared_value<T>;
  locked_value(mutex& guard, T& value, std::optional<lock_state> state) noexcept
      : m_mutex(&guard),
        m_place(&value),
        m_value(state ? &value : nullptr),
        m_state(state.value_or(lock_state::acquired)) {}
  [[nodiscard]] T* checked() const {
    if (m_value == nullptr) fail_unlocked();
    return m_value;
  }
  [[noreturn]] static void fail_unlocked() {
    throw error({.object = "shared_value",
                 .problem = "used without its lock",
                 .cure = "ask first whether try_lock() succeeded, and do not use it after unlock()"});
  }

  mutex* m_mutex;
  T* m_place;
  T* m_value;  // null: not locked
  lock_state m_state;
};

/// A value in shared memory with its own lock: make it before the workers that use it, and let them capture it by
/// reference.
///
/// Blocks:  until the lock is free.
/// Errors:  owner_died after a process died with the lock, until lock_or_recover(); error where the same thread locks
///          it again.
/// Safety:  all members may be called at the same time, from any thread or process that has it.
template <class T>
class shared_value {
  static_assert(shareable<T>,
                "tequio: shared_value<T> wants a type that can be copied byte by byte and is no pointer: a string or a "
                "vector keeps its content in one process only; share an aggregate of numbers, or send through a queue");

 public:
  using value_type = T;
  using guard = locked_value<T>;

  shared_value() : shared_value(T{}) {}
  /// @param name its name in errors.
  explicit shared_value(T value, std::string_view name = {}) : m_state(value, name) {}
  shared_value(const shared_value&) = delete;
  shared_value& operator=(const shared_value&) = delete;
  ~shared_value() = default;

  [[nodiscard]] guard lock() {
    m_mutex.lock();
    return {m_mutex, m_state->value, lock_state::acquired};
  }
  /// Empty where another thread has the lock.
  [[nodiscard]] guard try_lock() { return taken(m_mutex.try_lock()); }
  template <class Rep, class Period>
  [[nodiscard]] guard try_lock_for(const std::chrono::duration<Rep, Period>& time) {
    return taken(m_mutex.try_lock_for(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] guard try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return taken(m_mutex.try_lock_until(time));
  }
  /// As lock(), for a caller that can mend the value after an owner died, which state() of the returned lock tells.
  [[nodiscard]] guard lock_or_recover() { return {m_mutex, m_state->value, m_mutex.lock_or_recover()}; }
  template <class Rep, class Period>
  [[nodiscard]] guard try_lock_or_recover_for(const std::chrono::duration<Rep, Period>& time) {
    return {m_mutex, m_state->value, m_mutex.try_lock_or_recover_for(time)};
  }
  template <class Clock, class Duration>
  [[nodiscard]] guard try_lock_or_recover_until(const std::chrono::time_point<Clock, Duration>& time) {
    return {m_mutex, m_state->value, m_mutex.try_lock_or_recover_until(time)};
  }

  /// Calls a callable with the value under the lock: `total.with([&](long& sum) { sum += part; })`.
  ///
  /// @return the result of the callable, by value.
  template <std::invocable<T&> Callable>
  auto with(Callable&& callable) {
    using result = std::invoke_result_t<Callable, T&>;
    static_assert(!std::is_reference_v<result> && !std::is_pointer_v<result>,
                  "tequio: with() would hand out a reference that is used when the lock is gone; return a value");
    const guard held = lock();
    return std::invoke(std::forward<Callable>(callable), *held);
  }
  /// A copy of the value.
  [[nodiscard]] T load() { return *lock(); }
  void store(const T& value) { *lock() = value; }

 private:
  struct state {
    state(const T& first, std::string_view name) noexcept : guard(name), value(first) {}
    detail::mutex_state guard;
    T value;
  };

  friend class detail::handle_access;
  explicit shared_value(detail::attached<state> other) noexcept : m_state(other) {}

  guard taken(bool locked) {
    return {m_mutex, m_state->value, locked ? std::optional(lock_state::acquired) : std::nullopt};
  }

  detail::shared_object<state> m_state;
  mutex m_mutex = detail::inner_mutex::attach(m_state->guard);
};

template <class T>
shared_value(T) -> shared_value<T>;
template <class T>
shared_value(T, std::string_view) -> shared_value<T>;

}  // namespace tequio
