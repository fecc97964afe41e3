// SPDX-License-Identifier: MIT
// A number of threads or processes wait here for each other, round after round. Use a latch where they meet once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/sync/robust_lock.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// Thrown to all members of a broken barrier: one of them gave up, died in the completion, or called abort().
class broken_barrier : public error {
 public:
  using error::error;
};

/// As std::barrier, in shared memory: every worker forked later meets at the same barrier. As in Python, it can be
/// broken: then no member waits, all of them learn of it, and reset() mends it.
///
/// A phase ends when all expected members have arrived; the last of them runs the completion, and then all go on. A
/// barrier breaks when a timed wait runs out, a stop ends a wait, the completion throws or its process dies, or by
/// abort(). The others wait for a worker that died before it arrived: give them a time, or let the owner of its process
/// handle call abort() and reset() to the number of those left.
///
/// Errors:  broken_barrier from every arrival and wait at a broken barrier; reset() is the cure. error where a member
///          waits inside the completion.
/// Safety:  callable from any thread and process. A member killed in a call has arrived or has not; sleepers that it
///          should have woken notice within 0.1 s.
class barrier {
 public:
  /// An arrival in a phase; wait() takes it.
  class arrival_token {
    friend class barrier;
    explicit arrival_token(std::uint32_t phase) noexcept : m_phase(phase) {}
    std::uint32_t m_phase;
  };

  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return 0xffff; }

  /// @param expected   number of arrivals per phase.
  /// @param completion called at the end of each phase by the last member to arrive, in its process: the others see
  ///                   only its changes to shared memory. A barrier with a completion can't go to a spawned process.
  ///
  /// Errors:  error where `expected` is negative or more than max(), or there is no memory for it.
  explicit barrier(std::ptrdiff_t expected, std::function<void()> completion = {});
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;

  /// Arrives without waiting; wait() takes the token.
  ///
  /// Blocks:  only while the completion runs.
  /// Errors:  error where `count` is more than what is left in this phase; none has arrived then.
  [[nodiscard]] arrival_token arrive(std::ptrdiff_t count = 1);

  /// Blocks:  until the token's phase has ended.
  void wait(const arrival_token& token) const;

  /// @return false where a stop was requested before. That breaks nothing.
  ///
  /// Blocks:  until the token's phase has ended or a stop is requested.
  [[nodiscard]] bool wait(const arrival_token& token, const std::stop_token& stop) const {
    return wait_deadline(token, detail::deadline(stop));
  }

  /// @return false where the time has passed. That breaks nothing: the token may wait again.
  ///
  /// Blocks:  until the token's phase has ended or the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const arrival_token& token, const std::chrono::duration<Rep, Period>& time) const {
    return wait_deadline(token, detail::deadline_after(time));
  }
  /// As wait_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const arrival_token& token,
                                const std::chrono::time_point<Clock, Duration>& time) const {
    return wait_deadline(token, detail::deadline_at(time));
  }

  /// Blocks:  until all have arrived and the completion is done.
  void arrive_and_wait() { static_cast<void>(arrive_and_wait_deadline(detail::no_deadline)); }

  /// @return false where a stop was requested before: the barrier is broken then, for all.
  ///
  /// Blocks:  until all have arrived and the completion is done, or a stop is requested.
  [[nodiscard]] bool arrive_and_wait(const std::stop_token& stop) {
    return arrive_and_wait_deadline(detail::deadline(stop));
  }

  /// @return false where the time has passed: the barrier is broken then, for all.
  ///
  /// Blocks:  until all have arrived and the completion is done, or the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool arrive_and_wait_for(const std::chrono::duration<Rep, Period>& time) {
    return arrive_and_wait_deadline(detail::deadline_after(time));
  }
  /// As arrive_and_wait_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool arrive_and_wait_until(const std::chrono::time_point<Clock, Duration>& time) {
    return arrive_and_wait_deadline(detail::deadline_at(time));
  }

  /// Arrives for the last time: from the next phase on one member less is expected.
  void arrive_and_drop();

  /// Breaks it: all waits and arrivals throw broken_barrier.
  void abort() noexcept;
  /// Makes it as new. Waits that have begun throw broken_barrier.
  void reset() noexcept;
  /// As reset(), with another number of members, as when one has died.
  ///
  /// Errors:  error where `expected` is negative or more than max().
  void reset(std::ptrdiff_t expected);
  [[nodiscard]] bool broken() const noexcept;

  /// Arrivals per phase, and those in the present phase; a moment later the numbers may be others.
  [[nodiscard]] std::ptrdiff_t expected() const noexcept;
  [[nodiscard]] std::ptrdiff_t arrived() const noexcept;

 private:
  friend class detail::handle_access;
  struct round;
  enum class phase_end : std::uint8_t { completed, broken, timed_out };
  enum class membership : std::uint8_t { stays, leaves };

  struct state {
    state(std::uint32_t expected, bool completes) noexcept;
    std::atomic<std::uint64_t> now;  // a packed round
    std::atomic<std::uint32_t> sleepers{0};
    const bool has_completion;
    detail::robust_lock completing;
  };

  explicit barrier(detail::attached<state> other);
  [[nodiscard]] bool change(std::uint64_t& seen, const round& next) const noexcept;
  [[nodiscard]] bool break_phase(std::uint32_t phase) const noexcept;
  void reset_to(std::optional<std::uint32_t> expected) noexcept;
  [[nodiscard]] std::optional<arrival_token> arrive_deadline(std::ptrdiff_t count, membership member,
                                                             detail::deadline until);
  [[nodiscard]] bool complete(std::uint64_t seen, round arrived);
  void find_dead_completer(std::uint32_t phase) const;
  [[nodiscard]] phase_end await_end(std::uint32_t phase, detail::deadline until) const;
  [[nodiscard]] bool wait_deadline(const arrival_token& token, detail::deadline until) const;
  [[nodiscard]] bool arrive_and_wait_deadline(detail::deadline until);

  detail::shared_object<state> m_state;
  std::function<void()> m_completion;
};

}  // namespace tequio
