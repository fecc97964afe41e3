// SPDX-License-Identifier: MIT
// A queue of values between processes and threads: bounded, closable, any number of producers and consumers. For one
// value that all see use shared_value, for a conversation between two use pipe, for a loop use an engine's map().
#pragma once

#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/shared/message_channel.hpp"
#include "tequio/detail/sync/futex.hpp"

namespace tequio {

/// Values of type T, first in first out, for this process, its threads and the processes it starts.
///
/// Make it before the processes that use it, and give it to them by reference. Each of them may push, pop and close. T
/// is any type that can be serialised (serialize.hpp), up to gigabytes; a popped value is a copy, checked like a file.
///
/// Blocks:  push() while it is full, pop() while it is empty, each in the order of its lock. The try_ forms wait only
///          for the lock, while another process copies its message, and 0.1 s at most. join() while a value is not
///          declared done.
/// Errors:  those of T's own serialisation, and error where there is no memory for a message: it was not pushed then.
///          serialize_error where a popped message is no T: it is gone, the others are not touched.
/// Safety:  a process killed at any instruction leaves the queue as it was before its push or pop, or after; the others
///          go on. A message that it had popped is gone with it, and not declared done. The owner of its process
///          handle, which learns of the death, pushes the message again if it must be done, and then calls task_done()
///          in its place.
template <class T>
class queue {
 public:
  using value_type = T;
  class iterator;
  class until_stop;

  /// A queue for up to `capacity` messages; its memory grows as they need it.
  ///
  /// Errors:  error for a capacity of 0, or where there are no addresses for it.
  explicit queue(std::size_t capacity = 65'536) : m_state(detail::shape_for<T>(capacity)) {}
  queue(const queue&) = delete;
  queue& operator=(const queue&) = delete;
  ~queue() = default;

  /// Appends a value when there is room for it.
  ///
  /// @return false where the queue is closed: the value is not in.
  [[nodiscard]] bool push(const T& value) { return append(value, detail::no_deadline); }
  /// @return false where it is closed, or was full when a stop was requested.
  [[nodiscard]] bool push(const T& value, const std::stop_token& stop) { return append(value, detail::deadline(stop)); }
  /// @return false where it is full or closed; closed() tells which.
  [[nodiscard]] bool try_push(const T& value) { return append(value, detail::at_once); }
  /// @return false where it is closed, or was full all the time.
  template <class Rep, class Period>
  [[nodiscard]] bool push_for(const T& value, const std::chrono::duration<Rep, Period>& time) {
    return append(value, detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool push_until(const T& value, const std::chrono::time_point<Clock, Duration>& time) {
    return append(value, detail::deadline_at(time));
  }

  /// Takes the oldest value when there is one.
  ///
  /// @return nothing where the queue is closed and all its values are taken.
  [[nodiscard]] std::optional<T> pop() { return take(detail::no_deadline); }
  /// @return nothing where it is closed and empty, or was empty when a stop was requested. A value that is inside is
  ///         taken also after a stop; for a loop that ends at the stop see until().
  [[nodiscard]] std::optional<T> pop(const std::stop_token& stop) { return take(detail::deadline(stop)); }
  /// @return nothing where it is empty.
  [[nodiscard]] std::optional<T> try_pop() { return take(detail::at_once); }
  /// @return nothing where it was empty all the time, or is closed and empty.
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> pop_for(const std::chrono::duration<Rep, Period>& time) {
    return take(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<T> pop_until(const std::chrono::time_point<Clock, Duration>& time) {
    return take(detail::deadline_at(time));
  }

  /// Declares one popped value done: call it once per value, so that join() knows. Call it also in the place of a
  /// process that died with a value, and for a message that was no T.
  ///
  /// Errors:  error where all popped values are done already.
  void task_done() { m_state->task_done(); }
  /// Waits until every pushed value is popped and declared done, also those that a closed queue still holds, and those
  /// that a task pushes before its task_done().
  void join() { static_cast<void>(m_state->join(detail::no_deadline)); }
  /// @return false where values were not done when a stop was requested.
  [[nodiscard]] bool join(const std::stop_token& stop) { return m_state->join(detail::deadline(stop)); }
  /// @return false where values were not done in time.
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& time) {
    return m_state->join(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool join_until(const std::chrono::time_point<Clock, Duration>& time) {
    return m_state->join(detail::deadline_at(time));
  }
  /// The number of values that are inside, or popped and not declared done.
  [[nodiscard]] std::size_t unfinished() const noexcept { return m_state->unfinished(); }

  /// From now on no value can be pushed; those inside can still be popped. Wakes all waiters and does not wait.
  void close() noexcept { m_state->close(); }
  [[nodiscard]] bool closed() const noexcept { return m_state->closed(); }

  /// The number of values inside; a moment later it may be another.
  [[nodiscard]] std::size_t size() const noexcept { return m_state->size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return m_state->capacity(); }

  /// `for (auto& value : queue)` pops until the queue is closed and empty.
  [[nodiscard]] iterator begin() { return iterator(*this); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }
  /// `for (auto& value : queue.until(stop))` ends also when a stop is requested: values inside then stay there.
  [[nodiscard]] until_stop until(std::stop_token stop) { return until_stop(*this, std::move(stop)); }

 private:
  friend class detail::handle_access;
  explicit queue(detail::attached<detail::message_ring> state) noexcept : m_state(state) {}

  [[nodiscard]] bool append(const T& value, detail::deadline until) {
    return detail::push_value(*m_state, value, until) == detail::ring_result::done;
  }
  [[nodiscard]] std::optional<T> take(detail::deadline until) { return detail::pop_value<T>(*m_state, until); }

  detail::shared_object<detail::message_ring> m_state;
};

/// The values until a stop is requested.
template <class T>
class queue<T>::until_stop {
 public:
  [[nodiscard]] iterator begin() const { return iterator(*m_source, m_stop); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend class queue;
  until_stop(queue& source, std::stop_token stop) noexcept : m_source(&source), m_stop(std::move(stop)) {}

  queue* m_source;
  std::stop_token m_stop;
};

/// Pops one value per step.
template <class T>
class queue<T>::iterator {
 public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  iterator() noexcept = default;
  iterator(iterator&&) noexcept(std::is_nothrow_move_constructible_v<T>) = default;
  iterator& operator=(iterator&&) noexcept(std::is_nothrow_move_assignable_v<T>) = default;
  iterator(const iterator&) = delete;
  iterator& operator=(const iterator&) = delete;
  ~iterator() = default;

  /// The value popped; it may be moved from.
  [[nodiscard]] T& operator*() const noexcept { return *m_value; }
  [[nodiscard]] T* operator->() const noexcept { return std::addressof(*m_value); }
  iterator& operator++() {
    m_value = m_stop.stop_requested() ? std::nullopt : m_source->pop(m_stop);
    return *this;
  }
  void operator++(int) { ++*this; }
  [[nodiscard]] friend bool operator==(const iterator& position, std::default_sentinel_t) noexcept {
    return !position.m_value.has_value();
  }

 private:
  friend class queue;
  explicit iterator(queue& source, std::stop_token stop = {}) : m_source(&source), m_stop(std::move(stop)) { ++*this; }

  queue* m_source = nullptr;
  std::stop_token m_stop{};
  mutable std::optional<T> m_value{};
};

}  // namespace tequio
