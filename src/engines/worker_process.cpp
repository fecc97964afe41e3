// SPDX-License-Identifier: MIT
#include "engines/worker_process.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include "system/flush_streams.hpp"
#include "tequio/worker_count.hpp"

namespace tequio::detail {

worker_share::worker_share(std::size_t processors) : m_processors(processors) {
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"})
    m_variables.push_back(fmt::format("{}={}", name, processors));
  for (const std::string& variable : m_variables) m_environment.set_missing(variable);
}

void worker_share::take() noexcept {
  set_core_budget(m_processors);
  environ = m_environment.entries();
}

void live(worker_start start) noexcept {
  start.share.take();
  become(start.self);
  start.call.work(start.slot, start.task, start.options);
  // output of the items is flushed here, because _exit() flushes nothing; the caller's was flushed before the fork
  flush_streams();
  start.call.slots()[start.slot].finished.store(1, std::memory_order_release);
  ::_exit(0);
}

}  // namespace tequio::detail
