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

/// Most workers an engine can have.
inline constexpr std::size_t most = 65536;

/// The number of workers of an engine that is asked for `wanted`; 0: default_workers().
///
/// Errors:  error where that is more than an engine can have, such as a negative number given as a size.
[[nodiscard]] std::size_t chosen(std::size_t wanted);

/// The smallest bound, at least 1.
[[nodiscard]] decision decide(const bounds& all);

/// Worker's share first, then TEQUIO_WORKERS, then decide() over the bounds of this process.
///
/// Errors:  error naming TEQUIO_WORKERS and its value.
[[nodiscard]] decision decide_here();

}  // namespace tequio::workers
