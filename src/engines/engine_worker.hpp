// SPDX-License-Identifier: MIT
// Who a worker of an engine is.
#pragma once

#include <fmt/core.h>

#include <cstddef>

#include "tequio/detail/engines/call_control.hpp"
#include "tequio/detail/workers/worker_identity.hpp"

namespace tequio::detail {

/// A call that is to stop has its limit at 0; a failed item lowers it to no less than 1.
[[nodiscard]] inline bool is_to_stop(const void* call) {
  return static_cast<const call_control*>(call)->limit.load(std::memory_order_relaxed) == 0;
}

/// "worker-0" and so on, told to stop with its call.
[[nodiscard]] inline worker_identity engine_worker(std::size_t number, const call_control& call) {
  return {fmt::format("worker-{}", number), number, &call, &is_to_stop};
}

}  // namespace tequio::detail
