// SPDX-License-Identifier: MIT
#include "tequio/serial.hpp"

#include "local_job.hpp"

namespace tequio {

void serial::run(detail::local_items& items, const detail::job_task& task, const map_options& options) {
  detail::local_job job(items, options, 1);
  job.run_here(task);
}

}  // namespace tequio
