// SPDX-License-Identifier: MIT
#include "tequio/processes.hpp"

#include "supervisor.hpp"
#include "thread_count.hpp"
#include "workers.hpp"

namespace tequio {

processes::processes(std::size_t workers, processes_options options)
    : m_workers(workers::chosen(workers)), m_options(options) {}

void processes::run(detail::shared_items& items, const detail::job_task& task, const map_options& options) const {
  if (items.status().empty()) return;
  detail::require_safe_fork(m_options.forking, "processes", "use the engine threads");
  detail::supervisor(items, task, options).run();
}

}  // namespace tequio
