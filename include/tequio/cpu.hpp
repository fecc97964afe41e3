// SPDX-License-Identifier: MIT
// How many workers the processors that this process may use make.
#pragma once

#include <cstddef>

namespace tequio {

/// How many workers an engine gets unless told otherwise; at least 1.
///
/// It is the smallest of: processors this process may run on, the cgroup's quota rounded up, processes that may still
/// be started. The environment variable TEQUIO_WORKERS overrides it. Inside a worker it is the worker's share of the
/// cores. The first answer is kept for the life of the process.
///
/// Errors:  error when TEQUIO_WORKERS is set and no number of workers.
/// Safety:  callable from any thread.
[[nodiscard]] std::size_t default_workers();

namespace detail {

/// Makes default_workers() answer `cores` (0 counts as 1) in this process: an engine calls it in each forked worker
/// with the worker's share, so that engines inside engines do not multiply their workers.
///
/// Safety:  callable after fork in a process that had threads.
void set_core_budget(std::size_t cores) noexcept;

/// The same for the calling thread alone, for workers that are threads; 0 ends it.
void set_thread_core_budget(std::size_t cores) noexcept;

}  // namespace detail
}  // namespace tequio
