// SPDX-License-Identifier: MIT
// What the control groups of this process allow it: processors, memory, processes. Reads both versions of cgroups, also
// mixed. The smallest limit of the group and of its visible ancestors counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tequio::cgroup {

/// An empty member means that no group limits it.
struct limits {
  std::optional<double> cpu_quota{};                   ///< processors' worth of time
  std::string cpuset{};                                ///< the group's processors, as the kernel lists them: "0-3,7"
  std::optional<std::uint64_t> memory_limit{};         ///< bytes
  std::optional<std::uint64_t> memory_available{};     ///< bytes until a limit is met, file cache given back
  std::optional<std::uint64_t> processes_available{};  ///< processes and threads that may still be started
};

/// Reads the limits of the calling process.
///
/// @param root where `/proc` and the mount points are looked up; tests make a tree of their own.
///
/// Errors:  none: a file that is missing or cannot be understood is no limit.
/// Source:  Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/; proc(5) and cgroup_namespaces(7).
[[nodiscard]] limits read_limits(const std::string& root = "");

}  // namespace tequio::cgroup
