// SPDX-License-Identifier: MIT
// The child's side of a forked worker: from its go-ahead to its last breath.
#pragma once

#include <cstddef>

#include "tequio/detail/supervised.hpp"
#include "tequio/detail/work.hpp"
#include "tequio/detail/worker_identity.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

/// What a worker finds when it wakes up in the child.
struct worker_birth {
  supervised& job;
  const job_task& task;
  const map_options& options;
  std::size_t slot = 0;
  const worker_identity& self;
  std::size_t core_share = 1;  ///< processors for engines and libraries inside the worker
};

/// Lives the worker's life; never returns.
[[noreturn]] void live(worker_birth birth) noexcept;

}  // namespace tequio::detail
