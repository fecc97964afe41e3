// SPDX-License-Identifier: MIT
// One thread that runs a callable and returns its result or its error: std::jthread with a result. Use it for a few
// long pieces of work that share memory; for many items use an engine (tequio/threads.hpp).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/refused.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/workers/thread_core.hpp"
#include "tequio/detail/workers/worker_call.hpp"
#include "tequio/worker_status.hpp"

namespace tequio {

/// Options of a thread; name those that differ from the defaults: `thread t({.name = "uno"}, work)`.
struct thread_options {
  std::string name{};  ///< empty: "thread-1" and so on
};

/// A thread that calls one callable. The constructor starts it; the destructor asks it to stop and joins it. It has the
/// members of `process`, except terminate() and kill(): a thread cannot be ended from outside.
///
/// Callable: as for std::jthread: arguments are copied or moved, std::ref passes references. A callable that takes a
///           std::stop_token first is given one.
/// Result:   kept in the object.
/// Safety:   several threads may use one object at once, except its destructor and its moves. In a process forked from
///           the one that made it, the destructor does nothing and the other members throw.
/// Errors:   the constructor: error where no thread can be started.
template <class R = void>
class thread {
 public:
  using result_type = R;

  /// No thread; one can be assigned.
  thread() noexcept = default;

  /// Starts with a default name: "thread-1" and so on.
  template <detail::other_than<thread, thread_options> Callable, class... Arguments>
  explicit thread(Callable&& callable, Arguments&&... arguments)
      : thread(thread_options{}, std::forward<Callable>(callable), std::forward<Arguments>(arguments)...) {}

  template <class Callable, class... Arguments>
  thread(thread_options options, Callable&& callable, Arguments&&... arguments)
      : m_state(new state(std::move(options.name))) {
    m_state->start(
        [self = m_state.get(), call = detail::make_worker_call(std::forward<Callable>(callable),
                                                               std::forward<Arguments>(arguments)...)]() mutable {
          if constexpr (std::is_void_v<R>)
            static_cast<void>(call(self->stop_token()));
          else
            self->result.emplace(call(self->stop_token()));
        });
  }

  thread(detail::anything, const thread_options&) {
    static_assert(detail::never<R>, "tequio: options stand before the callable: thread t({.name = \"uno\"}, f)");
  }

  thread(thread&&) noexcept = default;
  /// As the destructor for the thread that was here before.
  thread& operator=(thread&&) noexcept = default;
  /// Asks it to stop and waits for it.
  ~thread() = default;

  /// The result of the callable: a copy, so that get() may be called again, or the result itself where it cannot be
  /// copied.
  ///
  /// Blocks:  until the thread has ended.
  /// Errors:  worker_error naming the thread, with the exception its callable threw nested in it
  ///          (std::rethrow_if_nested).
  R get() const {
    here().require_result();
    if constexpr (std::is_void_v<R>)
      return;
    else if constexpr (std::is_copy_constructible_v<R>)
      return *m_state->result;
    else
      return std::move(*m_state->result);
  }

  /// Blocks:  until the thread has ended; may be called again.
  void join() const { static_cast<void>(here().join(detail::no_deadline)); }
  /// Waits for the thread, or until a stop is requested; false where it still runs.
  [[nodiscard]] bool join(const std::stop_token& stop) const { return here().join(detail::deadline(stop)); }
  /// Waits for the thread, or until the time has passed; false where it still runs.
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& time) const {
    return here().join(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool join_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return here().join(detail::deadline_at(time));
  }
  /// Whether there is a thread whose end this object has not seen yet.
  [[nodiscard]] bool joinable() const noexcept { return m_state && m_state->joinable(); }

  [[nodiscard]] bool running() const { return status().state == worker_state::running; }
  [[nodiscard]] worker_status status() const { return here().status(); }
  /// The pid of the process, which all its threads share.
  [[nodiscard]] pid_t pid() const { return here().pid(); }
  [[nodiscard]] const std::string& name() const { return here().name(); }

  /// Asks the callable to stop, which its stop token and this_worker::stop_requested() tell it.
  ///
  /// @return whether this was the first request.
  bool request_stop() const { return here().request_stop(); }
  [[nodiscard]] bool stop_requested() const { return here().stop_token().stop_requested(); }
  [[nodiscard]] std::stop_token get_stop_token() const { return here().stop_token(); }
  /// Requests a stop as request_stop() does.
  [[nodiscard]] std::stop_source get_stop_source() const { return here().stop_source(); }

 private:
  struct nothing {};
  struct state final : detail::thread_core {
    using detail::thread_core::thread_core;
    std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> result{};
  };

  [[nodiscard]] state& here() const {
    if (!m_state) detail::thread_core::fail_moved_from();
    m_state->require_own_process();
    return *m_state;
  }

  std::unique_ptr<state, detail::thread_finisher> m_state{};
};

template <detail::other_than<thread_options> Callable, class... Arguments>
thread(Callable&&, Arguments&&...) -> thread<detail::worker_result<Callable, Arguments...>>;
template <class Callable, class... Arguments>
thread(thread_options, Callable&&, Arguments&&...) -> thread<detail::worker_result<Callable, Arguments...>>;

}  // namespace tequio
