// SPDX-License-Identifier: MIT
#include "tequio/serial.hpp"

#include "engines/local_job.hpp"
#include "engines/stream_crew.hpp"

namespace tequio {

void serial::run(detail::local_items& items, const detail::job_task& task, const map_options& options) {
  detail::local_job job(items, options, 1);
  job.run_here(task);
}

std::unique_ptr<detail::stream_crew> serial::make_crew(detail::local_cells_base& cells, const detail::job_task& task,
                                                       const map_options& options) {
  return std::make_unique<detail::calling_crew>(cells, task, options);
}

}  // namespace tequio
