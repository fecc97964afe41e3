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

/// What a submitted call returns, when it has. The destructor asks the call to stop and waits for it, so that nothing
/// it refers to is gone before it is.
///
/// Safety:  as process and thread: several threads may use it at once, but for its destructor and moves.
template <class R = void>
class future {
 public:
  /// Of no call.
  future() noexcept = default;
  explicit future(std::unique_ptr<detail::started_call> call) noexcept : m_call(std::move(call)) {}

  /// Whether there is a call: not when default-made or moved from.
  [[nodiscard]] bool valid() const noexcept { return m_call != nullptr; }
  /// Whether the call has ended, in whatever way.
  [[nodiscard]] bool ready() const { return here().wait(std::chrono::steady_clock::now()); }

  /// What the call returned; it can be asked for again, unless it can only be moved.
  ///
  /// Blocks:  until the call has ended.
  /// Errors:  worker_error: what the call threw (nested in it, but for processes), the signal or exit code by which its
  ///          process ended.
  R get() const {
    if constexpr (std::is_void_v<R>) {
      here().get(nullptr);
    } else {
      std::optional<R> result;
      here().get(&result);
      return *std::move(result);
    }
  }

  /// Blocks:  until the call has ended; throws nothing for how it did.
  void wait() const { static_cast<void>(here().wait(detail::no_deadline)); }
  /// Waits no longer than that; false where the call still runs.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& time) const {
    return here().wait(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return here().wait(detail::deadline_at(time));
  }

  /// Asks the call to stop, as process::request_stop() does; false where it was asked before or cannot be.
  bool request_stop() const { return here().request_stop(); }

 private:
  [[nodiscard]] detail::started_call& here() const {
    if (!m_call) throw error({.object = "future", .problem = "belongs to no call", .cure = "keep what submit() gave"});
    return *m_call;
  }

  std::unique_ptr<detail::started_call> m_call{};
};

}  // namespace tequio
