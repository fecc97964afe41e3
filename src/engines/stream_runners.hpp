// SPDX-License-Identifier: MIT
// The runners of a stream's items: the caller itself, threads of the stream's own, forked processes.
#pragma once

#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

#include "engines/stop_watch.hpp"
#include "engines/supervisor.hpp"
#include "tequio/detail/engines/stream_cells.hpp"
#include "tequio/detail/engines/stream_runner.hpp"
#include "tequio/unsafe_fork.hpp"

namespace tequio::detail {

/// The caller runs an item when it waits for one.
class calling_runner final : public stream_runner {
 public:
  /// Errors:  error where an option asks for what only processes can do.
  calling_runner(local_cells_base& cells, const call_task& task, const map_options& options);

  [[nodiscard]] bool runs_ahead() const noexcept override { return false; }
  void look_after(std::chrono::milliseconds longest) override;
  void end(stop_mode /*kind*/) override {}

 private:
  local_cells_base& m_cells;
  const call_task& m_task;
  const map_options& m_options;
  stop_watch m_watch;
  worker_slot m_slot{};
};

/// Threads that live as long as the stream, so that the engine's standing threads stay free for other calls.
class thread_runner final : public stream_runner {
 public:
  /// Errors:  error where an option asks for what only processes can do.
  thread_runner(local_cells_base& cells, const call_task& task, const map_options& options, std::size_t workers);
  ~thread_runner() override;

  void look_after(std::chrono::milliseconds longest) override;
  void end(stop_mode kind) override;

 private:
  void start();

  local_cells_base& m_cells;
  const call_task& m_task;
  const map_options& m_options;
  stop_watch m_watch;
  bool m_stop_told = false;
  std::vector<worker_slot> m_slots;
  std::vector<std::thread> m_threads{};
};

/// Forked workers under a supervisor, which works while the reader waits.
class process_runner final : public stream_runner {
 public:
  process_runner(shared_cells_base& cells, const call_task& task, const map_options& options, forking allowed);

  void look_after(std::chrono::milliseconds longest) override;
  void end(stop_mode kind) override;

 private:
  shared_cells_base& m_cells;
  map_options m_options;
  supervisor m_supervisor;
};

}  // namespace tequio::detail
