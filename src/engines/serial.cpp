// SPDX-License-Identifier: MIT
#include "tequio/serial.hpp"

#include <utility>

#include "engines/local_call.hpp"
#include "engines/stream_runners.hpp"

namespace tequio {

void serial::run(detail::local_items& items, const detail::call_task& task, const map_options& options) {
  detail::local_call call(items, options, 1);
  call.run_here(task);
}

std::unique_ptr<detail::stream_runner> serial::make_runner(detail::local_cells_base& cells,
                                                           const detail::call_task& task, const map_options& options) {
  return std::make_unique<detail::calling_runner>(cells, task, options);
}

std::unique_ptr<detail::started_call> serial::start_call(std::unique_ptr<detail::submitted_call> call) {
  return std::make_unique<detail::finished_call>(std::move(call));
}

}  // namespace tequio
