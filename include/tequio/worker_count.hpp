// SPDX-License-Identifier: MIT
// The number of workers of an engine.
// See tequio/cpu.hpp for the processors, the memory and the limits behind it.
#pragma once

#include <cstddef>
#include <string>

#include "tequio/error.hpp"

namespace tequio {

/// The most workers that an engine can have.
inline constexpr std::size_t most_workers = 65536;

/// The default number of workers of an engine; at least 1.
///
/// It is the smallest of: processors this process may run on, the cgroup's quota rounded up, processes that may still
/// be started. The environment variable TEQUIO_WORKERS overrides it. Inside a worker it is the worker's share of the
/// cores. The first answer is kept for the life of the process.
///
/// Errors:  error where TEQUIO_WORKERS is set, but not to a number of workers.
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

/// The number of workers of an engine that is asked for `wanted`; 0: default_workers().
///
/// Errors:  error where that is more than an engine can have, such as a negative number given as a size.
[[nodiscard]] std::size_t chosen_workers(std::size_t wanted);

struct worker_decision {
  std::size_t workers = 1;
  std::string reason{};  ///< one sentence
};

/// The worker's share first, then TEQUIO_WORKERS, then the bounds of this process.
///
/// Errors:  error naming TEQUIO_WORKERS and its value.
[[nodiscard]] worker_decision decide_workers();

}  // namespace detail
}  // namespace tequio
