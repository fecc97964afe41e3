// SPDX-License-Identifier: MIT
#include "engines/local_call.hpp"

#include <algorithm>

#include "engines/call_progress.hpp"
#include "engines/engine_worker.hpp"

namespace tequio::detail {

void require_no_timeout(const map_options& options) {
  if (options.timeout.count() != 0)
    throw error({.object = "option timeout",
                 .problem = "an item can only be ended together with its process",
                 .cure = "use the engine processes, or leave the timeout out"});
}

local_call::local_call(local_items& items, const map_options& options, std::size_t workers)
    : m_items(items), m_options(options), m_slots(workers), m_watch(options, m_control) {
  require_no_timeout(options);
  m_control.count = items.status().size();
  m_control.chunk = std::min<std::uint64_t>(options.chunk, m_control.count);  // as the supervisor does
  m_control.workers = workers;
  m_control.limit = m_control.count;
}

void local_call::run_here(const call_task& task) {
  local_worker self(m_control, m_slots.front(), m_items, 0, m_options, m_guard);
  progress_clock clock(m_options);
  // item by item, so that a stop is seen before each
  for (std::uint64_t item = 0; item < m_control.limit && !m_watch.requested(); ++item) {
    m_control.cursor.store(item + 1);
    m_slots.front().take({item, item + 1});
    task(self);
    if (clock.due()) report_progress();
  }
  report_progress();
}

void local_call::run_worker(const call_task& task, std::size_t worker) {
  local_worker self(m_control, m_slots[worker], m_items, worker, m_options, m_guard);
  const identity_scope identity(engine_worker(worker, m_control));
  work(self, task);
}

void local_call::report_progress() const { report(m_options, m_control, m_slots, 0, m_started_ns); }

}  // namespace tequio::detail
