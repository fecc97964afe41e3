// SPDX-License-Identifier: MIT
// A place where a number of threads or processes wait for each other, round after round.
// Use a latch where they meet once.
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

/// Thrown by whoever meets at a barrier that is broken: somebody gave up, died in the completion, or called abort().
class broken_barrier : public error {
 public:
  using error::error;
};

/// As std::barrier, in shared memory: every worker forked after it was made meets at the same one. As in Python, it can
/// be broken: then nobody waits, everybody learns, and reset() mends it.
///
/// A phase ends when as many have arrived as are expected; the last of them runs the completion, and then all go on. A
/// barrier breaks where a timed wait runs out, a stop ends one, the completion throws or its process dies, or by abort(). A worker that
/// dies before it arrives is missed by nobody but those who wait: give them a time, or let who learns of the death (its
/// process handle) call abort() and reset() to the number of those left.
///
/// Errors:  broken_barrier from all that arrive or wait, where it is broken; reset() is the cure. Error where a member
///          waits inside the completion.
/// Safety:  callable from any thread and process. Who is killed in a call has arrived or has not; sleepers that it did
///          not come to wake notice within 0.1 s.
class barrier {
 public:
  /// That somebody has arrived in a phase; wait() takes it.
  class arrival_token {
    friend class barrier;
    explicit arrival_token(std::uint32_t phase) noexcept : m_phase(phase) {}
    std::uint32_t m_phase;
  };

  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return 0xffff; }

  /// @param expected   how many arrive in a phase.
  /// @param completion called at the end of each phase by the last to arrive, in its process: what it changes must be
  ///                   shared memory for the others to see it. A barrier with one can't go to a spawned process.
  ///
  /// Errors:  error where `expected` is negative or more than max(), or there is no memory for it.
  explicit barrier(std::ptrdiff_t expected, std::function<void()> completion = {});
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;

  /// Arrives and does not wait: the token is for that.
  ///
  /// Blocks:  only while the completion runs.
  /// Errors:  error where more arrive than are left in this phase; none of them has arrived then.
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

  /// Blocks:  until everybody has arrived and the completion is done.
  void arrive_and_wait() { static_cast<void>(arrive_and_wait_deadline(detail::no_deadline)); }

  /// @return false where a stop was requested before: the barrier is broken then, for all.
  ///
  /// Blocks:  until everybody has arrived and the completion is done, or a stop is requested.
  [[nodiscard]] bool arrive_and_wait(const std::stop_token& stop) {
    return arrive_and_wait_deadline(detail::deadline(stop));
  }

  /// @return false where the time has passed: the barrier is broken then, for all.
  ///
  /// Blocks:  until everybody has arrived and the completion is done, or the time has passed.
  template <class Rep, class Period>
  [[nodiscard]] bool arrive_and_wait_for(const std::chrono::duration<Rep, Period>& time) {
    return arrive_and_wait_deadline(detail::deadline_after(time));
  }
  /// As arrive_and_wait_for(), until a point in time.
  template <class Clock, class Duration>
  [[nodiscard]] bool arrive_and_wait_until(const std::chrono::time_point<Clock, Duration>& time) {
    return arrive_and_wait_deadline(detail::deadline_at(time));
  }

  /// Arrives for the last time: from the next phase on one less is expected.
  void arrive_and_drop();

  /// Breaks it: those that wait and those that come throw broken_barrier.
  void abort() noexcept;
  /// Makes it as new. Those that wait throw broken_barrier.
  void reset() noexcept;
  /// As reset(), with another number of members, as when one has died.
  ///
  /// Errors:  error where `expected` is negative or more than max().
  void reset(std::ptrdiff_t expected);
  [[nodiscard]] bool broken() const noexcept;

  /// How many arrive in a phase, and how many have arrived in this one, at the moment of the look.
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
