// SPDX-License-Identifier: MIT
#include "worker_process.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>

#include "newborn.hpp"
#include "tequio/cpu.hpp"

namespace tequio::detail {
namespace {

// Each worker gets its share of the processors; so do the libraries that start threads by themselves.
void take_share(std::size_t share) {
  set_core_budget(share);
  const std::string text = fmt::format("{}", share);
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"})
    ::setenv(name, text.c_str(), 0);
}

}  // namespace

void live(worker_birth birth) noexcept {
  take_share(birth.core_share);
  become(birth.self);
  birth.job.work(birth.slot, birth.task, birth.options);
  // what items printed goes out now: _exit() flushes nothing, so that nothing of the caller's is printed twice
  flush_streams();
  birth.job.slots()[birth.slot].finished.store(1, std::memory_order_release);
  ::_exit(0);
}

}  // namespace tequio::detail
