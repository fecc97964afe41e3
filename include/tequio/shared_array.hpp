// SPDX-License-Identifier: MIT
// An array in memory that all workers share: all of them see what one writes, and nothing is copied to or from a
// worker. Sized and contiguous like std::vector, with a length fixed by its constructor. For one value use
// shared_value; for memory that another program opens by name use named_memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tequio/detail/base/cache_line.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/mutex.hpp"
#include "tequio/shareable.hpp"

namespace tequio {

namespace detail {

/// Zeroed memory for an array; its error names the array.
[[nodiscard]] arena_extent array_memory(std::size_t count, std::size_t item_bytes);
[[noreturn]] void fail_no_such_item(std::size_t item, std::size_t count);

/// Types whose T{} is all zero bytes.
template <class T>
inline constexpr bool zero_when_made = std::is_arithmetic_v<T> || std::is_enum_v<T>;

}  // namespace detail

/// The lock on a shared_array, perhaps after a dead owner. It owns nothing where a try failed.
class array_lock : public std::unique_lock<mutex> {
 public:
  /// Whether the owner before died with the lock.
  [[nodiscard]] lock_state state() const noexcept { return m_state; }

 private:
  template <class>
  friend class shared_array;
  array_lock(tequio::mutex& guard, std::optional<lock_state> state) noexcept
      : unique_lock(state ? std::unique_lock(guard, std::adopt_lock) : std::unique_lock(guard, std::defer_lock)),
        m_state(state.value_or(lock_state::acquired)) {}

  lock_state m_state;
};

/// An array that processes share. A forked worker's copy of the handle is the same array; capture it by reference.
///
/// Errors:  error from the constructors where there is no memory for it, with the bytes wanted and available; never a
///          SIGBUS at a touch. error from at().
/// Safety:  different items may be written at the same time. Writers of the same items hold lock(), or the items are
///          atomic, as in shared_array<std::atomic<long>>.
template <class T>
class shared_array {
  static_assert(shareable<T>,
                "tequio: shared_array<T> wants items that can be copied byte by byte and are no pointers: a string or "
                "a vector keeps its content in one process only; share characters or numbers, or send through a queue");
  static_assert(alignof(T) <= detail::cache_line_bytes, "tequio: shared arrays are aligned to a cache line");

 public:
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using iterator = T*;
  using const_iterator = const T*;

  /// `count` items T{}, which are zeros for numbers; their memory is not touched before its use.
  explicit shared_array(std::size_t count) : shared_array(count, unset{}) {
    if constexpr (!detail::zero_when_made<T>) std::uninitialized_value_construct_n(data(), count);
  }
  shared_array(std::size_t count, const T& value) : shared_array(count, unset{}) {
    std::uninitialized_fill_n(data(), count, value);
  }
  /// The items of a range.
  template <std::ranges::input_range Items>
  requires std::convertible_to<std::ranges::range_reference_t<Items>, T> &&
      (!std::same_as<std::remove_cvref_t<Items>, shared_array>)
      // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): a shared_array is ruled out
      explicit shared_array(Items&& items)
      : shared_array(count_of(items), unset{}) {
    T* place = data();
    for (auto&& item : items) std::construct_at(place++, static_cast<T>(item));
  }
  shared_array(std::initializer_list<T> items) : shared_array(std::span(items.begin(), items.size())) {}
  shared_array(const shared_array&) = delete;
  shared_array& operator=(const shared_array&) = delete;
  ~shared_array() = default;

  [[nodiscard]] std::size_t size() const noexcept { return m_state->size; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] T* data() noexcept { return m_state->data; }
  [[nodiscard]] const T* data() const noexcept { return m_state->data; }
  [[nodiscard]] T* begin() noexcept { return data(); }
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  [[nodiscard]] T* end() noexcept { return data() + size(); }
  [[nodiscard]] const T* end() const noexcept { return data() + size(); }
  [[nodiscard]] T& front() noexcept { return *begin(); }
  [[nodiscard]] const T& front() const noexcept { return *begin(); }
  [[nodiscard]] T& back() noexcept { return end()[-1]; }
  [[nodiscard]] const T& back() const noexcept { return end()[-1]; }
  [[nodiscard]] T& operator[](std::size_t item) noexcept { return data()[item]; }
  [[nodiscard]] const T& operator[](std::size_t item) const noexcept { return data()[item]; }
  /// The item; error, which names the item and the size, where there is none.
  [[nodiscard]] T& at(std::size_t item) { return data()[checked(item)]; }
  [[nodiscard]] const T& at(std::size_t item) const { return data()[checked(item)]; }

  /// Locks the array's own mutex until the returned lock is destroyed: `const auto held = array.lock();`.
  ///
  /// Blocks:  until it is free.
  /// Errors:  as mutex::lock().
  [[nodiscard]] std::unique_lock<mutex> lock() const { return std::unique_lock(m_mutex); }
  /// As lock(); the returned lock owns nothing where the mutex was not free, or not in time.
  [[nodiscard]] std::unique_lock<mutex> try_lock() const { return std::unique_lock(m_mutex, std::try_to_lock); }
  template <class Rep, class Period>
  [[nodiscard]] std::unique_lock<mutex> try_lock_for(const std::chrono::duration<Rep, Period>& time) const {
    return std::unique_lock(m_mutex, time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::unique_lock<mutex> try_lock_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return std::unique_lock(m_mutex, time);
  }
  /// As lock(), also after an owner that died, which state() of the returned lock tells; the array is then as that
  /// owner left it.
  [[nodiscard]] array_lock lock_or_recover() const { return {m_mutex, m_mutex.lock_or_recover()}; }
  template <class Rep, class Period>
  [[nodiscard]] array_lock try_lock_or_recover_for(const std::chrono::duration<Rep, Period>& time) const {
    return {m_mutex, m_mutex.try_lock_or_recover_for(time)};
  }
  template <class Clock, class Duration>
  [[nodiscard]] array_lock try_lock_or_recover_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return {m_mutex, m_mutex.try_lock_or_recover_until(time)};
  }

 private:
  struct unset {};
  struct state {
    state(T* items, std::size_t count) noexcept : data(items), size(count) {}
    T* data;
    std::size_t size;
    detail::mutex_state guard{std::string_view()};
  };

  shared_array(std::size_t count, unset)
      : m_memory(detail::array_memory(count, sizeof(T))), m_state(reinterpret_cast<T*>(m_memory.data()), count) {}
  friend class detail::handle_access;
  explicit shared_array(detail::attached<state> other) noexcept : m_state(other) {}

  template <class Items>
  static std::size_t count_of(Items& items) {
    static_assert(std::ranges::sized_range<Items> || std::ranges::forward_range<Items>,
                  "tequio: the length of this range is not known before it is read; read it into a std::vector first");
    return static_cast<std::size_t>(std::ranges::distance(items));
  }
  [[nodiscard]] std::size_t checked(std::size_t item) const {
    if (item >= size()) detail::fail_no_such_item(item, size());
    return item;
  }

  detail::arena_extent m_memory{};  // none where another process owns the array
  detail::shared_object<state> m_state;
  mutable mutex m_mutex = detail::inner_mutex::attach(m_state->guard);
};

template <std::ranges::input_range Items>
shared_array(Items&&) -> shared_array<std::ranges::range_value_t<Items>>;

static_assert(std::ranges::contiguous_range<shared_array<int>> && std::ranges::sized_range<shared_array<int>>);
static_assert(std::ranges::contiguous_range<const shared_array<int>>);

}  // namespace tequio
