// SPDX-License-Identifier: MIT
// The engine of standing threads, for work that is thread safe.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <utility>

#include "tequio/detail/engines/call_room.hpp"
#include "tequio/map_calls.hpp"
#include "tequio/thread.hpp"

namespace tequio {

/// Runs items on threads that are started once and wait between calls. See tequio/map_calls.hpp for the calls.
///
/// Safety:  calls from several threads take turns. A call made inside an item of the same engine, or in a process that
///          was forked after the threads were started, runs serially there.
class threads : public map_calls<threads> {
 public:
  /// @param workers threads to start; 0: one for each processor this process may use.
  ///
  /// Errors:  error where not a single thread could be started.
  explicit threads(std::size_t workers = 0);
  threads(threads&&) noexcept;
  threads& operator=(threads&&) noexcept;
  ~threads();

  [[nodiscard]] std::size_t workers() const noexcept;

 private:
  friend class map_calls<threads>;

  template <class Value>
  [[nodiscard]] static detail::local_store<Value> make_store(std::size_t count) {
    return detail::local_store<Value>(count);
  }
  template <class Value>
  using stream_store = detail::local_cells<Value>;
  [[nodiscard]] std::unique_ptr<detail::stream_runner> make_runner(detail::local_cells_base& cells,
                                                                   const detail::call_task& task,
                                                                   const map_options& options) const;
  template <class R, class... Parts>
  [[nodiscard]] std::unique_ptr<detail::future_state<R>> start_call(Parts&&... parts) const;
  /// Whether a call must be made at once instead of waiting for others of these threads.
  [[nodiscard]] bool is_called_from_inside() const noexcept;
  void run(detail::local_items& items, const detail::call_task& task, const map_options& options);

  class team;
  std::unique_ptr<team> m_team;
  std::shared_ptr<detail::thread_room> m_room;  // of submitted calls
};

template <class R, class... Parts>
std::unique_ptr<detail::future_state<R>> threads::start_call(Parts&&... parts) const {
  auto call = detail::make_worker_call(std::forward<Parts>(parts)...);
  if (is_called_from_inside()) return std::make_unique<detail::finished_future<R>>(std::move(call));
  thread<R> started([place = detail::thread_room::enter(m_room), call = std::move(call)](std::stop_token stop) mutable {
    const detail::thread_room::visit visit(place.room());
    return static_cast<R>(call(std::move(stop)));
  });
  return std::make_unique<detail::worker_future<R, thread<R>>>(std::move(started));
}

}  // namespace tequio
