// SPDX-License-Identifier: MIT
// The child's side of a forked worker: from the fork to its last breath.
#pragma once

#include <csignal>
#include <cstddef>
#include <span>

#include "tequio/descriptor.hpp"
#include "tequio/detail/shared_store.hpp"
#include "tequio/detail/work.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

/// What a worker finds when it wakes up in the child.
struct worker_birth {
  shared_items& items;
  const job_task& task;
  const map_options& options;
  std::size_t slot = 0;
  std::size_t core_share = 1;        ///< processors for engines and libraries inside the worker
  descriptor lifeline{};             ///< read end: it ends when the caller does
  std::span<const int> inherited{};  ///< descriptors of the caller's that a worker must not hold
  sigset_t signal_mask{};            ///< the caller's
};

/// Lives the worker's life; never returns.
[[noreturn]] void live(worker_birth birth) noexcept;

}  // namespace tequio::detail
