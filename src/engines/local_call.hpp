// SPDX-License-Identifier: MIT
// A call whose workers share the caller's memory: its control block and slots on the heap.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "engines/stop_watch.hpp"
#include "tequio/detail/engines/local_store.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

/// Throws error where an option asks for what only processes can do.
void require_no_timeout(const map_options& options);

/// One call of `serial` or `threads`.
class local_call {
 public:
  /// Errors:  error where an option asks for what only processes can do.
  local_call(local_items& items, const map_options& options, std::size_t workers);

  /// All items one after the other in the calling thread, until done or stopped.
  void run_here(const call_task& task);
  /// One worker's part of the items.
  void run_worker(const call_task& task, std::size_t worker);

  /// Lets no further item start.
  void stop() noexcept { m_control.stop_at(0); }

  [[nodiscard]] stop_watch& watch() noexcept { return m_watch; }
  /// Tells options.progress how far the call has come.
  void report_progress() const;

 private:
  local_items& m_items;
  const map_options& m_options;
  call_control m_control{};
  std::vector<worker_slot> m_slots;
  std::mutex m_guard{};  // of the failures
  stop_watch m_watch;
  std::int64_t m_started_ns = monotonic_ns();
};

}  // namespace tequio::detail
