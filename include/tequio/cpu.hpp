// SPDX-License-Identifier: MIT
// The processors of this machine, those that this process may use, and the number of workers that follows.
// For the number alone use default_workers(), which is cheap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tequio/error.hpp"
#include "tequio/worker_count.hpp"

namespace tequio {

/// The content of a cache.
enum class cache_kind { unified, data, instruction };

/// One kind of cache, equal in all its instances.
struct cpu_cache {
  unsigned level = 0;
  cache_kind kind = cache_kind::unified;
  std::uint64_t bytes = 0;  ///< of one instance
  std::size_t instances = 0;
  std::size_t cores_sharing = 0;  ///< cores that share one instance
};

/// The result of cpu(). A count is 0, and a text empty, where the system does not tell.
struct cpu_info {
  std::string vendor{};
  std::string model{};
  std::size_t logical_processors = 0;  ///< online
  std::size_t cores = 0;
  std::size_t packages = 0;
  std::size_t numa_nodes = 0;
  std::vector<cpu_cache> caches{};  ///< nearest to the core first

  std::size_t affinity = 0;           ///< processors the calling thread may run on, the cgroup's cpuset counted in
  std::string cpuset{};               ///< of the cgroup: "0-3,7"
  std::optional<double> cpu_quota{};  ///< of the cgroup, in processors; the smallest among it and its ancestors

  std::uint64_t memory_bytes = 0;
  std::optional<std::uint64_t> memory_limit_bytes{};  ///< of the cgroup; the smallest among it and its ancestors
  std::uint64_t memory_available_bytes = 0;           ///< available now without swapping, within the limit

  std::size_t workers = 0;  ///< as default_workers() counts them
  std::string reason{};     ///< one sentence: "2 workers: the process may run on 2 of 2 processors; no cgroup quota"
};

/// The processors, memory and limits of this process.
///
/// Blocks:  milliseconds: reads the system's topology each time.
/// Errors:  error where TEQUIO_WORKERS is set, but not to a number of workers.
/// Safety:  callable from any thread; leaves no descriptor and no thread.
[[nodiscard]] cpu_info cpu();

}  // namespace tequio
