// SPDX-License-Identifier: MIT
// The result of one call that an engine's submit() has started: std::future with a destructor that waits.
// Use it for a few calls of different kinds; for many items of one kind use a map or a stream.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "tequio/detail/engines/submitted_call.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/error.hpp"
#include "tequio/worker_status.hpp"

namespace tequio {

/// The result of a submitted call. The destructor asks the call to stop and waits for its end, so that all objects
/// which the call refers to can be destroyed after the future.
///
/// Safety:  as process and thread: several threads may use it at once, except its destructor and its moves.
template <class R = void>
class future {
 public:
  /// No call; one can be assigned.
  future() noexcept = default;
  explicit future(std::unique_ptr<detail::started_call> call) noexcept : m_call(std::move(call)) {}

  /// Whether there is a call: false after the default constructor and after a move.
  [[nodiscard]] bool valid() const noexcept { return m_call != nullptr; }
  /// Whether the call has ended, in whatever way.
  [[nodiscard]] bool ready() const { return here().wait(std::chrono::steady_clock::now()); }

  /// The result of the call; may be called again, unless the result can only be moved.
  ///
  /// Blocks:  until the call has ended.
  /// Errors:  worker_error with the exception of the call (nested in it, except on processes), or with the signal or
  ///          exit code of its process.
  R get() const {
    if constexpr (std::is_void_v<R>) {
      here().get(nullptr);
    } else {
      std::optional<R> result;
      here().get(&result);
      return *std::move(result);
    }
  }

  /// Blocks:  until the call has ended. Does not throw the call's error.
  void wait() const { static_cast<void>(here().wait(detail::no_deadline)); }
  /// Waits for the call, or until the time has passed; false where it still runs.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& time) const {
    return here().wait(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return here().wait(detail::deadline_at(time));
  }

  /// Asks the call to stop, as process::request_stop() does; false where it was asked before or has no way to stop.
  bool request_stop() const { return here().request_stop(); }

 private:
  [[nodiscard]] detail::started_call& here() const {
    if (!m_call) throw error({.object = "future", .problem = "belongs to no call", .cure = "keep what submit() gave"});
    return *m_call;
  }

  std::unique_ptr<detail::started_call> m_call{};
};

}  // namespace tequio
