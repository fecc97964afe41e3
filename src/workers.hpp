// SPDX-License-Identifier: MIT
// How the number of workers is decided, and the sentence that says why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace tequio::workers {

/// What bounds the number of workers.
struct bounds {
  std::size_t processors = 1;  ///< online
  std::size_t affinity = 1;    ///< of these, those that this process may run on
  std::optional<double> cpu_quota{};
  std::optional<std::uint64_t> processes_available{};
};

struct decision {
  std::size_t workers = 1;
  std::string reason{};
};

/// Processors the calling thread may run on, whatever their number; those online when the system does not tell.
[[nodiscard]] std::size_t affinity();

/// Processors online.
[[nodiscard]] std::size_t processors();

/// The smallest bound, at least 1.
[[nodiscard]] decision decide(const bounds& all);

/// Worker's share first, then TEQUIO_WORKERS, then decide() over the bounds of this process.
///
/// Errors:  error naming TEQUIO_WORKERS and its value.
[[nodiscard]] decision decide_here();

}  // namespace tequio::workers
