// SPDX-License-Identifier: MIT
// A conversation between two processes or threads: one end receives what the other sends, whole and in order, both
// ways. For more than two use queue.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>

#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/detail/shared/message_channel.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/system/process_identity.hpp"

namespace tequio {

template <class T, class Back>
class pipe;

namespace detail {

/// One end, in shared memory.
struct pipe_end_state {
  explicit pipe_end_state(ring_shape shape) : outgoing(shape), user(this_process()), made(stamp_now()) {}

  /// Notes that the calling process uses it.
  void use() noexcept {
    const process_identity self = this_process();
    if (user.load(std::memory_order_relaxed) != self) user.store(self);
  }
  /// Notes that another process has it, unless a living one has taken it already.
  void hand_to(pid_t process) noexcept;

  message_ring outgoing;
  std::atomic<process_identity> user;  // the process that used it last; at first the one that made it
  start_stamp made;
};

/// The process at the end that a call waits for.
class pipe_peer final : public peer {
 public:
  pipe_peer(const pipe_end_state& end, deadline until) noexcept
      : m_end(end), m_for_ever(until.time == no_deadline.time) {}

  /// Whether the process that used the end last has ended. Where that is the calling process, the end was not used yet,
  /// and the child that should use it may be dead: then, in a wait without a time, whether no other process can have
  /// the end.
  [[nodiscard]] bool has_ended() const override;

 private:
  const pipe_end_state& m_end;
  bool m_for_ever;
};

}  // namespace detail

/// An end of a pipe: sends T, receives Back.
///
/// An end belongs to one process at a time: the one that used it last or that it was handed to; at first the one that
/// made it. When that process has ended for any reason, the other end's receive() gives what was sent and then nothing,
/// as after close(). Copies of the end in other forked processes do not matter and need not be closed.
///
/// Blocks:  send() while as many messages as the pipe's capacity wait at the other end, receive() while none waits
///          here. The death of the process at the other end is noticed within 0.1 s. The try_ forms never block.
/// Errors:  as of queue: those of T's own serialisation, no memory for a message, serialize_error where a message is no
///          Back. That message was not sent, or is gone; the others are not touched.
/// Safety:  any number of threads of a process may use an end. A process killed at any instruction leaves the pipe as
///          it was before its send or receive, or after.
template <class T, class Back = T>
class pipe_end {
 public:
  pipe_end(const pipe_end&) = delete;
  pipe_end& operator=(const pipe_end&) = delete;
  ~pipe_end() = default;

  /// @return false where an end is closed, or the pipe is full and the process at the other end has ended. True does
  ///         not mean that the other end will receive it.
  [[nodiscard]] bool send(const T& value) { return put(value, detail::no_deadline); }
  /// @return false also where it was full when a stop was requested.
  [[nodiscard]] bool send(const T& value, const std::stop_token& stop) { return put(value, detail::deadline(stop)); }
  /// @return false also where it would have to wait.
  [[nodiscard]] bool try_send(const T& value) { return put(value, detail::at_once); }
  template <class Rep, class Period>
  [[nodiscard]] bool send_for(const T& value, const std::chrono::duration<Rep, Period>& time) {
    return put(value, detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool send_until(const T& value, const std::chrono::time_point<Clock, Duration>& time) {
    return put(value, detail::deadline_at(time));
  }

  /// The next value.
  ///
  /// @return nothing where no more will come: an end is closed, or the process at the other one has ended.
  [[nodiscard]] std::optional<Back> receive() { return get(detail::no_deadline); }
  /// @return nothing also where there was none when a stop was requested.
  [[nodiscard]] std::optional<Back> receive(const std::stop_token& stop) { return get(detail::deadline(stop)); }
  /// @return nothing also where it would have to wait.
  [[nodiscard]] std::optional<Back> try_receive() { return get(detail::at_once); }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<Back> receive_for(const std::chrono::duration<Rep, Period>& time) {
    return get(detail::deadline_after(time));
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<Back> receive_until(const std::chrono::time_point<Clock, Duration>& time) {
    return get(detail::deadline_at(time));
  }

  /// Whether receive() would return at once: with a value, or with nothing because no more will come.
  [[nodiscard]] bool poll() { return look(detail::at_once) != detail::ring_result::not_now; }
  /// Waits for that.
  template <class Rep, class Period>
  [[nodiscard]] bool poll_for(const std::chrono::duration<Rep, Period>& time) {
    return look(detail::deadline_after(time)) != detail::ring_result::not_now;
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool poll_until(const std::chrono::time_point<Clock, Duration>& time) {
    return look(detail::deadline_at(time)) != detail::ring_result::not_now;
  }
  /// Whether receive() would give nothing because no more will come.
  [[nodiscard]] bool ended() { return look(detail::at_once) == detail::ring_result::ended; }

  /// Gives this end to a process before that process has used it, so that its death is noticed from now on. A `process`
  /// does this for each end among its arguments, as std::ref(line.second). An end of another process that lives stays
  /// with it until the new process uses the end.
  void hand_to(pid_t process) noexcept { m_state->out->hand_to(process); }

  /// Ends the conversation for all processes: no end can send any more, each receives what was sent and then nothing.
  void close() noexcept {
    m_state->out->outgoing.close();
    m_state->in->outgoing.close();
  }
  [[nodiscard]] bool closed() const noexcept { return m_state->out->outgoing.closed(); }

 private:
  template <class, class>
  friend class pipe;
  friend class detail::handle_access;

  // The two directions, as this end sees them.
  struct sides {
    detail::pipe_end_state* out;
    detail::pipe_end_state* in;
  };
  explicit pipe_end(detail::attached<sides> state) noexcept : m_state(state) {}

  [[nodiscard]] bool put(const T& value, detail::deadline until) {
    m_state->out->use();
    const detail::pipe_peer other(*m_state->in, until);
    return detail::push_value(m_state->out->outgoing, value, until, &other) == detail::ring_result::done;
  }
  [[nodiscard]] std::optional<Back> get(detail::deadline until) {
    m_state->out->use();
    const detail::pipe_peer other(*m_state->in, until);
    return detail::pop_value<Back>(m_state->in->outgoing, until, &other);
  }
  [[nodiscard]] detail::ring_result look(detail::deadline until) {
    m_state->out->use();
    const detail::pipe_peer other(*m_state->in, until);
    return m_state->in->outgoing.wait(until, &other);
  }

  detail::shared_object<sides> m_state;
};

/// Two ends: `second` receives what `first` sends, and the other way round.
///
/// Make it before the processes that use it, and give each its end by reference; the pipe must outlive them.
template <class T, class Back = T>
class pipe {
  // before the ends, which are made from it
  struct state {
    explicit state(std::size_t capacity)
        : one(detail::shape_for<T>(capacity)),
          other(detail::shape_for<Back>(capacity)),
          from_first{&one, &other},
          from_second{&other, &one} {}
    detail::pipe_end_state one, other;
    typename pipe_end<T, Back>::sides from_first;
    typename pipe_end<Back, T>::sides from_second;
  };
  detail::shared_object<state> m_state;

 public:
  /// A pipe for up to `capacity` messages each way.
  ///
  /// Errors:  error for a capacity of 0, or where there are no addresses for it.
  explicit pipe(std::size_t capacity = 1024) : m_state(capacity) {}
  pipe(const pipe&) = delete;
  pipe& operator=(const pipe&) = delete;
  ~pipe() = default;

  pipe_end<T, Back> first{detail::attached{&m_state->from_first}};
  pipe_end<Back, T> second{detail::attached{&m_state->from_second}};

 private:
  friend class detail::handle_access;
  explicit pipe(detail::attached<state> other) noexcept : m_state(other) {}
};

}  // namespace tequio
