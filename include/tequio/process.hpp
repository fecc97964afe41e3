// SPDX-License-Identifier: MIT
// One process that runs a callable and returns its result or its error: std::jthread for processes. Use it for a few
// long pieces of work; for many items use an engine (tequio/processes.hpp), for shared memory a thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <concepts>
#include <csignal>
#include <memory>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/refused.hpp"
#include "tequio/detail/base/returnable.hpp"
#include "tequio/detail/workers/child_call.hpp"
#include "tequio/detail/workers/child_process.hpp"
#include "tequio/detail/workers/worker_call.hpp"
#include "tequio/process_options.hpp"
#include "tequio/worker_status.hpp"

namespace tequio {

/// A process that calls one callable, forked or (process_options::start) spawned. The constructor starts it; the
/// destructor asks it to stop and joins it. `process p(work, 1, "two");` deduces the type of the result.
///
/// Callable: any, also with captures by reference: it sees the program as it is at the start. Its changes stay in the
///           process, except those of shared objects (shared_value, queue, …) and the result.
/// Arguments: copied or moved as by std::jthread; with std::ref and std::cref large inputs are not copied, because the
///           process sees its parent's memory. A callable that takes a std::stop_token first is given one.
/// Results:  trivially copyable ones come back byte by byte, others by tequio/serialize.hpp; of any size, before get()
///           is called or after.
/// Deaths:   when the parent ends for any reason, the process is killed.
/// Exit:     a callable that calls exit() or quick_exit() runs the handlers that were registered in the process itself,
///           destroys the static objects made there, and ends it with the code; exit() flushes. What the program
///           registered before the fork (atexit(), static objects, destructors of libraries) is not run, so that what
///           it owns, such as a temporary file, stays. One exception: exit() destroys the thread_local objects of its
///           thread first, also those that the forking thread had; _Exit() and quick_exit() do not. After a return none
///           of this is run. A spawned image ends as a program: its own static objects are destroyed. The child of a
///           program with threads (forking::at_any_time) runs all handlers, those of the program too: to leave them out
///           takes a lock that another thread may have held at the fork.
/// Signals:  it ignores SIGINT, and has the default for each signal that its parent handles. In a program that ignores
///           SIGCHLD or waits for any child, results come back as usual, but the reason of a death may be unknown.
/// Output:   stdout and stderr are the parent's, unless `process_options::output` says otherwise; they are flushed when
///           the callable has ended.
/// Safety:   several threads may use one object at once, except its destructor and its moves. In a process forked from
///           the one that made it, the destructor does nothing and the other members throw.
/// Errors:   the constructor: unsafe_fork; error where the system has no process, memory or descriptor left.
template <class R = void>
class process {
 public:
  using result_type = R;

  /// No process; one can be assigned.
  process() noexcept = default;

  /// Starts with a default name: "process-1" and so on.
  template <detail::other_than<process, process_options> Callable, class... Arguments>
  explicit process(Callable&& callable, Arguments&&... arguments)
      : process(process_options{}, std::forward<Callable>(callable), std::forward<Arguments>(arguments)...) {}

  template <class Callable, class... Arguments>
  process(process_options options, Callable&& callable, Arguments&&... arguments)
      : m_child(start(std::move(options), detail::make_worker_call(std::forward<Callable>(callable),
                                                                   std::forward<Arguments>(arguments)...))) {}

  process(detail::anything, const process_options&) {
    static_assert(detail::never<R>, "tequio: options stand before the callable: process p({.name = \"uno\"}, f)");
  }

  process(process&&) noexcept = default;
  /// As the destructor for the process that was here before.
  process& operator=(process&&) noexcept = default;
  /// Asks it to stop and waits for it.
  ~process() = default;

  /// The result of the callable; may be called again.
  ///
  /// Blocks:  until the process has ended.
  /// Errors:  worker_error naming the process, with the exception of its callable as text, the signal that killed it,
  ///          or the code with which it exited before its callable returned.
  R get() const {
    m_child.require_result();
    if constexpr (std::is_void_v<R>) {
      return;
    } else if constexpr (detail::returnable_as_bytes<R>) {
      return *reinterpret_cast<const R*>(m_child.value());
    } else if constexpr (!std::is_default_constructible_v<R>) {
      return detail::refused();  // by start()
    } else {
      R value{};
      m_child.read_result(&value, [](void* target, reader& in) { in(*static_cast<R*>(target)); });
      return value;
    }
  }

  /// Blocks:  until the process has ended; may be called again. Does not throw the process's error.
  void join() const { m_child.join(detail::no_deadline); }
  /// Waits for the process, or until a stop is requested; false where it still runs.
  [[nodiscard]] bool join(const std::stop_token& stop) const { return m_child.join(detail::deadline(stop)); }
  /// Waits for the process, or until the time has passed; false where it still runs.
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& time) const {
    return m_child.join(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool join_until(const std::chrono::time_point<Clock, Duration>& time) const {
    return m_child.join(detail::deadline_at(time));
  }
  /// Whether there is a process whose end this object has not seen yet.
  [[nodiscard]] bool joinable() const noexcept { return m_child.joinable(); }

  [[nodiscard]] bool running() const { return status().state == worker_state::running; }
  [[nodiscard]] worker_status status() const { return m_child.status(); }
  [[nodiscard]] pid_t pid() const { return m_child.pid(); }
  [[nodiscard]] const std::string& name() const { return m_child.name(); }

  /// Its standard output and error until now, where `process_options::output` captures them.
  [[nodiscard]] std::string output() const { return m_child.output(); }

  /// Asks the callable to stop, which its stop token and this_worker::stop_requested() tell it.
  ///
  /// @return whether this was the first request.
  bool request_stop() const { return m_child.stop_source().request_stop(); }
  [[nodiscard]] bool stop_requested() const { return m_child.stop_source().stop_requested(); }
  /// The token of the same requests in this process.
  [[nodiscard]] std::stop_token get_stop_token() const { return m_child.stop_source().get_token(); }
  /// Requests a stop as request_stop() does.
  [[nodiscard]] std::stop_source get_stop_source() const { return m_child.stop_source(); }
  /// Sends SIGTERM, which ends the process unless its callable handles it; does nothing where it has ended.
  void terminate() const { m_child.send(SIGTERM); }
  /// Sends SIGKILL, which always ends it.
  void kill() const { m_child.send(SIGKILL); }

 private:
  template <class Call>
  static detail::child_process start(process_options options, Call call) {
    return detail::child_process(std::move(options), detail::child_call<R, Call>::task(call));
  }

  detail::child_process m_child;
};

template <detail::other_than<process_options> Callable, class... Arguments>
process(Callable&&, Arguments&&...) -> process<detail::worker_result<Callable, Arguments...>>;
template <class Callable, class... Arguments>
process(process_options, Callable&&, Arguments&&...) -> process<detail::worker_result<Callable, Arguments...>>;

}  // namespace tequio
