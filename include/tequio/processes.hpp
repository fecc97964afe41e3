// SPDX-License-Identifier: MIT
// The engine of processes forked for each call: the callable, its captures and the items go along as they are.
// Use it for isolation (an item may crash), for code that is not thread safe, for big inputs that are only read.
// The changes that an item makes stay in its worker; only the callable's result comes back.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "tequio/detail/engines/call_room.hpp"
#include "tequio/detail/engines/shared_store.hpp"
#include "tequio/map_calls.hpp"
#include "tequio/unsafe_fork.hpp"

namespace tequio {

/// Options of a `processes` engine.
struct processes_options {
  tequio::forking forking = forking::single_threaded;
};

/// Runs items in forked processes. See tequio/map_calls.hpp for the calls; besides what they say:
///
/// Results: trivially copyable ones come back byte by byte, others by tequio/serialize.hpp. A pointer inside a class of
///          your own still points into the worker, which is gone: return the object that it points to.
/// Deaths:  an item whose worker dies (signal, exit) gets the verdict `died`; another worker goes on with the rest. An
///          exit() in an item runs nothing that the caller registered before the call: see tequio/process.hpp.
/// Signals: workers ignore SIGINT. When the caller ends for any reason, they are killed.
/// Output:  a worker's stdout and stderr are the caller's, flushed when it ends.
/// Errors:  unsafe_fork; error where no worker could be started or shared memory is full.
class processes : public map_calls<processes> {
 public:
  /// @param workers processes for each call; 0: one for each processor this process may use. None is started yet.
  explicit processes(std::size_t workers = 0, processes_options options = {});

  [[nodiscard]] static constexpr std::string_view name() noexcept { return "processes"; }
  [[nodiscard]] std::size_t workers() const noexcept { return m_workers; }

 private:
  friend class map_calls<processes>;
  friend class detail::core_of<processes>;

  static constexpr detail::engine_kind kind{.results = detail::result_memory::shared, .ends_items = true};
  template <class Value>
  [[nodiscard]] detail::shared_store<Value> make_store(std::size_t count) const {
    return detail::shared_store<Value>(count, m_workers);
  }
  template <class Value>
  [[nodiscard]] detail::shared_cells<Value> make_cells(std::size_t count) const {
    return detail::shared_cells<Value>(count, m_workers);
  }
  void run(detail::shared_items& items, const detail::call_task& task, const map_options& options) const;
  [[nodiscard]] std::unique_ptr<detail::stream_runner> make_runner(detail::shared_cells_base& cells,
                                                                   const detail::call_task& task,
                                                                   const map_options& options) const;
  [[nodiscard]] std::unique_ptr<detail::started_call> start_call(std::unique_ptr<detail::submitted_call> call) const;

  std::size_t m_workers;
  processes_options m_options;
  std::shared_ptr<detail::process_room> m_room;  // of submitted calls
};

}  // namespace tequio
