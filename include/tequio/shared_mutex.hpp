// SPDX-License-Identifier: MIT
// Many readers or one writer: a std::shared_timed_mutex for threads and processes. Use it with std::shared_lock and
// std::unique_lock, for data that is read often and written seldom: readers do not disturb each other's caches, a
// writer costs some microseconds. Where writes are frequent, a mutex is faster.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tequio/detail/base/cache_line.hpp"
#include "tequio/mutex.hpp"

namespace tequio {

namespace detail {

struct alignas(cache_line_bytes) padded_lock {
  robust_lock lock{};
};

// A reader holds one slot, a writer the gate while all slots are free. While a writer is at work `writing` is set; so a
// thread that holds a slot with the gate free, and finds it set, comes after a dead writer.
struct shared_mutex_state {
  static constexpr std::size_t slot_count = 64;

  explicit shared_mutex_state(std::string_view given) noexcept : name(given) {}

  padded_lock gate{};
  std::array<padded_lock, slot_count> slots{};
  std::uint32_t writing = 0;
  object_name name;
};

}  // namespace detail

/// A lock for many readers or one writer, in shared memory: make it before the workers that use it.
///
/// Meets:   SharedTimedLockable of the standard library, with one limit: 64 threads can hold it shared at a time, the
///          next one waits. Writers go before readers that come later. Not recursive in either mode. lock(), its timed
///          forms and those that recover are detail::timed_lock's.
/// Blocks:  lock() until no thread holds it, lock_shared() until no writer does.
/// Errors:  error where its holder locks it again, and where a thread that does not hold it unlocks it. A reader that
///          dies leaves nothing behind. After a writer that died every way to lock it throws owner_died, except
///          lock_or_recover(), see mutex.
/// Safety:  its holders are threads; a forked child does not hold what its parent holds. Not for signal handlers.
class shared_mutex : public detail::timed_lock<shared_mutex> {
 public:
  /// @param name its name in errors; the first 47 bytes are kept.
  explicit shared_mutex(std::string_view name = {}) : m_state(name) {}
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;
  ~shared_mutex() = default;

  /// @return false where a thread holds it, also the caller.
  [[nodiscard]] bool try_lock();
  void unlock();

  void lock_shared() { static_cast<void>(lock_shared_until(detail::no_deadline)); }
  /// @return false where a writer holds it or waits for it.
  [[nodiscard]] bool try_lock_shared();
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& time) {
    return lock_shared_until(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time) {
    return lock_shared_until(detail::deadline_at(time));
  }
  void unlock_shared();

 private:
  friend class detail::timed_lock<shared_mutex>;
  friend class detail::handle_access;
  explicit shared_mutex(detail::attached<detail::shared_mutex_state> state) noexcept : m_state(state) {}

  [[nodiscard]] bool lock_until(detail::deadline until);
  [[nodiscard]] bool lock_shared_until(detail::deadline until);
  [[nodiscard]] std::optional<lock_state> recover_until(detail::deadline until);

  detail::shared_object<detail::shared_mutex_state> m_state;
};

}  // namespace tequio
