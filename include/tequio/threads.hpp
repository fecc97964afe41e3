// SPDX-License-Identifier: MIT
// The engine of standing threads, for work that is thread safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "tequio/detail/engines/call_room.hpp"
#include "tequio/detail/engines/local_store.hpp"
#include "tequio/map_calls.hpp"

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

  [[nodiscard]] static constexpr std::string_view name() noexcept { return "threads"; }
  [[nodiscard]] std::size_t workers() const noexcept;

 private:
  friend class map_calls<threads>;
  friend class detail::core_of<threads>;

  static constexpr detail::engine_kind kind{};
  template <class Value>
  [[nodiscard]] static detail::local_store<Value> make_store(std::size_t count) {
    return detail::local_store<Value>(count);
  }
  template <class Value>
  [[nodiscard]] static detail::local_cells<Value> make_cells(std::size_t count) {
    return detail::local_cells<Value>(count);
  }
  void run(detail::local_items& items, const detail::call_task& task, const map_options& options);
  [[nodiscard]] std::unique_ptr<detail::stream_runner> make_runner(detail::local_cells_base& cells,
                                                                   const detail::call_task& task,
                                                                   const map_options& options) const;
  [[nodiscard]] std::unique_ptr<detail::started_call> start_call(std::unique_ptr<detail::submitted_call> call) const;
  /// Whether a call must be made at once instead of waiting for others of these threads.
  [[nodiscard]] bool is_called_from_inside() const noexcept;

  class team;
  std::unique_ptr<team> m_team;
  std::shared_ptr<detail::thread_room> m_room;  // of submitted calls
};

}  // namespace tequio
