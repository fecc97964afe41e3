// SPDX-License-Identifier: MIT
// Sleeping on a word of shared memory until it changes, and waking the sleepers. Every lock and queue is made of this.
// Clocks are monotonic, and a signal ends no wait.
#pragma once

#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <stop_token>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// The end of a wait: a point on the monotonic clock, or a requested stop; `no_deadline` has neither.
struct deadline {
  using clock = std::chrono::steady_clock;

  constexpr deadline() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a time point is the usual deadline
  constexpr deadline(clock::time_point point) noexcept : time(point) {}
  explicit deadline(const std::stop_token& token) noexcept : stop(&token) {}

  [[nodiscard]] bool stopped() const noexcept { return stop != nullptr && stop->stop_requested(); }
  [[nodiscard]] friend bool operator==(const deadline&, const deadline&) noexcept = default;

  clock::time_point time = clock::time_point::max();
  const std::stop_token* stop = nullptr;  ///< the caller's
};
inline constexpr deadline no_deadline{};
/// The deadline of a call that does not wait.
inline constexpr deadline at_once = deadline::clock::time_point::min();

/// A deadline that a stop ends as well.
[[nodiscard]] inline deadline or_stop(deadline until, const std::stop_token& stop) noexcept {
  until.stop = &stop;
  return until;
}

/// The deadline `time` from now; `no_deadline` for more time than the clock can count.
template <class Rep, class Period>
[[nodiscard]] deadline deadline_after(const std::chrono::duration<Rep, Period>& time) {
  const auto now = deadline::clock::now();
  // compared as floating point, which no unit overflows
  if (std::chrono::duration<double>(time) >= std::chrono::duration<double>(no_deadline.time - now)) return no_deadline;
  if (!(time > time.zero())) return now;  // also true of NaN
  return now + std::chrono::ceil<deadline::clock::duration>(time);
}

/// The deadline of a point on any clock, by that clock's present distance from it; `no_deadline` for a century and
/// more.
template <class Clock, class Duration>
[[nodiscard]] deadline deadline_at(const std::chrono::time_point<Clock, Duration>& time) {
  using seconds = std::chrono::duration<double>;  // which no unit overflows
  const auto now = Clock::now();
  const seconds left = seconds(time.time_since_epoch()) - seconds(now.time_since_epoch());
  if (left > std::chrono::hours(24 * 36525)) return no_deadline;
  if (left < std::chrono::seconds(-1)) return deadline::clock::now();
  return deadline_after(time - now);
}

/// Whether its time has passed or its stop was requested.
[[nodiscard]] inline bool has_passed(deadline until) noexcept {
  return until.stopped() || (until.time != no_deadline.time && deadline::clock::now() >= until.time);
}

/// Sleeps while `word` holds `expected`: until a wake, a change before the sleep, or the deadline's time. A stop does
/// not end it.
///
/// @return false where the time has passed.
bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected, deadline until) noexcept;

/// As futex_wait(), and returns within 0.1 s (sync/look_again.hpp): the waker may be killed between its change and its
/// wake, and then the caller's loop looks itself. A requested stop wakes the sleeper at once, or within 0.1 s where it
/// comes just before the sleep.
///
/// @return false where the deadline has passed, also after a wake: the caller then looks at its condition once more.
bool futex_watch(const std::atomic<std::uint32_t>& word, std::uint32_t expected, deadline until) noexcept;

inline constexpr std::uint32_t every_sleeper = 0x7fffffff;

/// Wakes up to `count` sleepers of `word`, in this process and others.
void futex_wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept;

/// The upper half of a 64-bit word as the kernel sees it, for these functions only.
[[nodiscard]] inline const std::atomic<std::uint32_t>& upper_half(const std::atomic<std::uint64_t>& both) noexcept {
  static_assert(sizeof both == 8 && std::atomic<std::uint64_t>::is_always_lock_free, "a lock would outlive its owner");
  return reinterpret_cast<const std::atomic<std::uint32_t>*>(&both)[std::endian::native == std::endian::little ? 1 : 0];
}

/// Tells the processor that this loop waits for another processor.
inline void spin_pause() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

}  // namespace tequio::detail
