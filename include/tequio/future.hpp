// SPDX-License-Identifier: MIT
// The result of one call that an engine's submit() has started: std::future with a destructor that waits.
// Use it for a few calls of different kinds; for many items of one kind use a map or a stream.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "tequio/detail/sync/futex.hpp"
#include "tequio/error.hpp"
#include "tequio/worker_status.hpp"

namespace tequio {

namespace detail {

/// What a future waits for.
template <class R>
class future_state {
 public:
  future_state() = default;
  future_state(const future_state&) = delete;
  future_state& operator=(const future_state&) = delete;
  virtual ~future_state() = default;

  [[nodiscard]] virtual bool wait(deadline until) = 0;
  virtual R get() = 0;
  virtual bool request_stop() = 0;
};

/// A call made by a `process<R>` or `thread<R>`.
template <class R, class Worker>
class worker_future final : public future_state<R> {
 public:
  explicit worker_future(Worker worker) : m_worker(std::move(worker)) {}

  [[nodiscard]] bool wait(deadline until) override { return m_worker.join_until(until.time); }
  R get() override { return m_worker.get(); }
  bool request_stop() override { return m_worker.request_stop(); }

 private:
  Worker m_worker;
};

/// Throws worker_error for a call that was made by the caller itself, with what it threw nested in it.
[[noreturn]] void throw_call_error(const std::exception_ptr& thrown);

/// A call that was made by the caller itself.
template <class R>
class finished_future final : public future_state<R> {
  struct nothing {};

 public:
  template <class Call>
  explicit finished_future(Call call) {
    try {
      if constexpr (std::is_void_v<R>) {
        static_cast<void>(call(std::stop_token()));
        m_value.emplace();
      } else {
        m_value.emplace(call(std::stop_token()));
      }
    } catch (...) {
      m_error = std::current_exception();
    }
  }

  [[nodiscard]] bool wait(deadline /*until*/) override { return true; }
  R get() override {
    if (m_error) throw_call_error(m_error);
    if constexpr (std::is_void_v<R>)
      return;
    else if constexpr (std::is_copy_constructible_v<R>)
      return *m_value;
    else
      return std::move(*m_value);
  }
  bool request_stop() override { return false; }

 private:
  std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> m_value{};
  std::exception_ptr m_error{};
};

}  // namespace detail

/// What a submitted call returns, when it has. The destructor asks the call to stop and waits for it, so that nothing it
/// refers to is gone before it is.
///
/// Safety:  as process and thread: several threads may use it at once, but for its destructor and moves.
template <class R = void>
class future {
 public:
  /// Of no call.
  future() noexcept = default;
  explicit future(std::unique_ptr<detail::future_state<R>> state) noexcept : m_state(std::move(state)) {}

  /// Whether there is a call: not when default-made or moved from.
  [[nodiscard]] bool valid() const noexcept { return m_state != nullptr; }
  /// Whether the call has ended, in whatever way.
  [[nodiscard]] bool ready() const { return here().wait(std::chrono::steady_clock::now()); }

  /// What the call returned; it can be asked for again, unless it can only be moved.
  ///
  /// Blocks:  until the call has ended.
  /// Errors:  worker_error: what the call threw (nested in it, but for processes), the signal or exit code by which its
  ///          process ended.
  R get() const { return here().get(); }

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
  [[nodiscard]] detail::future_state<R>& here() const {
    if (!m_state) throw error({.object = "future", .problem = "belongs to no call", .cure = "keep what submit() gave"});
    return *m_state;
  }

  std::unique_ptr<detail::future_state<R>> m_state{};
};

}  // namespace tequio
