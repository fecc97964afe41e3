// SPDX-License-Identifier: MIT
// The bounds on the number of workers (processors, affinity, cgroup, limits) and the decision by them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "tequio/worker_count.hpp"

namespace tequio::detail {

struct worker_bounds {
  std::size_t processors = 1;  ///< online
  std::size_t affinity = 1;    ///< of these, those that this process may run on
  std::optional<double> cpu_quota{};
  std::optional<std::uint64_t> processes_available{};
};

/// Processors the calling thread may run on, whatever their number; those online when the system does not tell.
[[nodiscard]] std::size_t affinity();

/// Processors online.
[[nodiscard]] std::size_t processors();

/// The bounds of this process.
[[nodiscard]] worker_bounds read_bounds();

/// The smallest bound, at least 1.
[[nodiscard]] worker_decision decide_workers(const worker_bounds& all);

/// A count with its sentence: "2 workers: `reason`".
[[nodiscard]] worker_decision workers_because(std::size_t count, const std::string& reason);

}  // namespace tequio::detail
