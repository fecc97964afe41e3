// SPDX-License-Identifier: MIT
#include "tequio/processes.hpp"

#include "engines/stream_runner.hpp"
#include "engines/supervisor.hpp"
#include "tequio/unsafe_fork.hpp"
#include "tequio/worker_count.hpp"

namespace tequio {

processes::processes(std::size_t workers, processes_options options)
    : m_workers(detail::chosen_workers(workers)),
      m_options(options),
      m_room(std::make_shared<detail::process_room>()) {}

void processes::run(detail::shared_items& items, const detail::call_task& task, const map_options& options) const {
  if (items.status().empty()) return;
  detail::require_safe_fork(m_options.forking, "processes", "use the engine threads");
  detail::supervisor(items, task, options).run();
}

std::unique_ptr<detail::stream_runner> processes::make_runner(detail::shared_cells_base& cells,
                                                              const detail::call_task& task,
                                                              const map_options& options) const {
  detail::require_safe_fork(m_options.forking, "processes", "use the engine threads");
  return std::make_unique<detail::process_runner>(cells, task, options, m_options.forking);
}

}  // namespace tequio
