// SPDX-License-Identifier: MIT
// The identity of an engine's worker.
#pragma once

#include <fmt/core.h>

#include <cstddef>

#include "tequio/detail/engines/call_control.hpp"
#include "tequio/detail/workers/worker_identity.hpp"

namespace tequio::detail {

/// A stop sets the call's limit to 0; a failed item lowers it to no less than 1.
[[nodiscard]] inline bool is_to_stop(const void* call) {
  return static_cast<const call_control*>(call)->limit.load(std::memory_order_relaxed) == 0;
}

/// "worker-0" and so on, told to stop with its call.
[[nodiscard]] inline worker_identity engine_worker(std::size_t number, const call_control& call) {
  return {fmt::format("worker-{}", number), number, &call, &is_to_stop};
}

}  // namespace tequio::detail
