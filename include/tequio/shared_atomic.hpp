// SPDX-License-Identifier: MIT
// A counter, flag or other small value that several processes change without a lock: std::atomic's interface, in memory
// that all workers share. For more than one value at a time use shared_value, for many of them
// shared_array<std::atomic<T>>.
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <stop_token>
#include <type_traits>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/error.hpp"
#include "tequio/shareable.hpp"

namespace tequio {

namespace detail {
template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept number = integer<T> || std::floating_point<T>;
}  // namespace detail

/// A std::atomic<T> that processes share. A forked worker's copy of the handle is the same value; capture it by
/// reference.
///
/// Blocks:  wait() and its timed forms until the value differs from the given one and a process notified. Sleepers look
///          again every 0.1 s, so that a process killed before its notification does not hold them up.
/// Errors:  error from the constructor where there is no memory; no other member throws.
/// Safety:  all members may be called at the same time, from any thread or process that has the handle.
template <class T>
class shared_atomic {
  static_assert(shareable<T>,
                "tequio: shared_atomic<T> wants a type that can be copied byte by byte and is no pointer: a pointer "
                "means nothing in another process; share an index");
  static_assert(std::atomic<T>::is_always_lock_free,
                "tequio: this type is too large to be changed in one instruction, and the lock that std::atomic would "
                "use is not shared between processes; use shared_value<T>");
  static_assert(std::has_unique_object_representations_v<T> || std::floating_point<T>,
                "tequio: this type has padding bytes, which compare_exchange would compare; fill them with a member");

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;

  /// The value T{}: zero for numbers.
  shared_atomic() : m_state(T{}) {}
  explicit shared_atomic(T value) : m_state(value) {}
  shared_atomic(const shared_atomic&) = delete;
  shared_atomic& operator=(const shared_atomic&) = delete;
  ~shared_atomic() = default;

  /// The members of std::atomic<T>.
  [[nodiscard]] bool is_lock_free() const noexcept { return true; }
  [[nodiscard]] T load(std::memory_order order = std::memory_order_seq_cst) const noexcept {
    return value().load(order);
  }
  operator T() const noexcept { return load(); }  // NOLINT(google-explicit-constructor): as std::atomic
  void store(T next, std::memory_order order = std::memory_order_seq_cst) noexcept { value().store(next, order); }
  T operator=(T next) noexcept {  // NOLINT(misc-unconventional-assign-operator): as std::atomic
    store(next);
    return next;
  }
  T exchange(T next, std::memory_order order = std::memory_order_seq_cst) noexcept {
    return value().exchange(next, order);
  }
  bool compare_exchange_weak(T& expected, T next, std::memory_order order = std::memory_order_seq_cst) noexcept {
    return value().compare_exchange_weak(expected, next, order);
  }
  bool compare_exchange_weak(T& expected, T next, std::memory_order success, std::memory_order failure) noexcept {
    return value().compare_exchange_weak(expected, next, success, failure);
  }
  bool compare_exchange_strong(T& expected, T next, std::memory_order order = std::memory_order_seq_cst) noexcept {
    return value().compare_exchange_strong(expected, next, order);
  }
  bool compare_exchange_strong(T& expected, T next, std::memory_order success, std::memory_order failure) noexcept {
    return value().compare_exchange_strong(expected, next, success, failure);
  }

  /// For numbers; the bitwise members for integers.
  T fetch_add(T by, std::memory_order order = std::memory_order_seq_cst) noexcept requires detail::number<T> {
    return value().fetch_add(by, order);
  }
  T fetch_sub(T by, std::memory_order order = std::memory_order_seq_cst) noexcept requires detail::number<T> {
    return value().fetch_sub(by, order);
  }
  T fetch_and(T bits, std::memory_order order = std::memory_order_seq_cst) noexcept requires detail::integer<T> {
    return value().fetch_and(bits, order);
  }
  T fetch_or(T bits, std::memory_order order = std::memory_order_seq_cst) noexcept requires detail::integer<T> {
    return value().fetch_or(bits, order);
  }
  T fetch_xor(T bits, std::memory_order order = std::memory_order_seq_cst) noexcept requires detail::integer<T> {
    return value().fetch_xor(bits, order);
  }
  T operator+=(T by) noexcept requires detail::number<T> { return value() += by; }
  T operator-=(T by) noexcept requires detail::number<T> { return value() -= by; }
  T operator&=(T bits) noexcept requires detail::integer<T> { return value() &= bits; }
  T operator|=(T bits) noexcept requires detail::integer<T> { return value() |= bits; }
  T operator^=(T bits) noexcept requires detail::integer<T> { return value() ^= bits; }
  T operator++() noexcept requires detail::integer<T> { return ++value(); }
  T operator--() noexcept requires detail::integer<T> { return --value(); }
  T operator++(int) noexcept requires detail::integer<T> { return value()++; }
  T operator--(int) noexcept requires detail::integer<T> { return value()--; }

  /// Sleeps until the value is not `old`; the process that changes it calls notify_one() or notify_all().
  void wait(T old, std::memory_order order = std::memory_order_seq_cst) const noexcept {
    wait_until_deadline(old, detail::no_deadline, order);
  }
  /// @return false where the value was still `old` when a stop was requested.
  [[nodiscard]] bool wait(T old, const std::stop_token& stop) const noexcept {
    return wait_until_deadline(old, detail::deadline(stop), std::memory_order_seq_cst);
  }
  /// @return false where the value was still `old` when the time had passed.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(T old, const std::chrono::duration<Rep, Period>& time) const noexcept {
    return wait_until_deadline(old, detail::deadline_after(time), std::memory_order_seq_cst);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(T old, const std::chrono::time_point<Clock, Duration>& time) const noexcept {
    return wait_until_deadline(old, detail::deadline_at(time), std::memory_order_seq_cst);
  }
  void notify_one() noexcept { notify(1); }
  void notify_all() noexcept { notify(detail::every_sleeper); }

 private:
  // The standard library's std::atomic::wait() cannot be used: it sleeps in a table, or on a futex, of one process.
  struct state {
    explicit state(T first) noexcept : value(first) {}
    std::atomic<T> value;
    std::atomic<std::uint32_t> notices{0};   // the count of notifications, which sleepers sleep on
    std::atomic<std::uint32_t> sleepers{0};  // never too low; too high after a sleeper was killed
  };

  friend class detail::handle_access;
  explicit shared_atomic(detail::attached<state> other) noexcept : m_state(other) {}

  [[nodiscard]] std::atomic<T>& value() const noexcept { return m_state->value; }
  bool wait_until_deadline(T old, detail::deadline until, std::memory_order order) const noexcept;
  void notify(std::uint32_t count) noexcept;

  detail::shared_object<state> m_state;
};

template <class T>
shared_atomic(T) -> shared_atomic<T>;

// Invariant: a sleeper counts itself and reads `notices` before it looks at the value; a notifier has changed the value
//            before it changes `notices`, and then looks for sleepers. So either the sleeper sees the value, or its
//            sleep sees the notice, or the notifier sees the sleeper.
template <class T>
bool shared_atomic<T>::wait_until_deadline(T old, detail::deadline until, std::memory_order order) const noexcept {
  state& shared = *m_state;
  const auto differs = [&] {
    const T now = shared.value.load(order);
    return std::memcmp(&now, &old, sizeof(T)) != 0;  // as std::atomic compares, by its bytes
  };
  if (differs()) return true;
  shared.sleepers.fetch_add(1);
  bool changed = false;
  for (bool in_time = true;;) {
    const std::uint32_t seen = shared.notices.load();
    changed = differs();
    if (changed || !in_time) break;
    in_time = detail::futex_watch(shared.notices, seen, until);
  }
  shared.sleepers.fetch_sub(1);
  return changed;
}

template <class T>
void shared_atomic<T>::notify(std::uint32_t count) noexcept {
  m_state->notices.fetch_add(1);
  if (m_state->sleepers.load() != 0) detail::futex_wake(m_state->notices, count);
}

}  // namespace tequio
