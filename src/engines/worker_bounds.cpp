// SPDX-License-Identifier: MIT
#include "engines/worker_bounds.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <memory>

#include "system/cgroup.hpp"

namespace tequio::detail {
namespace {

std::string count_of(std::uint64_t count, std::string_view noun, std::string_view plural_ending) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : plural_ending);
}

/// The processes that RLIMIT_NPROC lets this one start; other processes of the same user are not counted.
std::optional<std::uint64_t> processes_by_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur - std::min<rlim_t>(limit.rlim_cur, 1);
}

}  // namespace

std::size_t processors() { return static_cast<std::size_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN))); }

std::size_t affinity() {
  constexpr int most_processors = 1 << 22;
  // the kernel refuses a set smaller than its own, and does not tell that size
  for (int size = CPU_SETSIZE; size <= most_processors; size *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(static_cast<std::size_t>(size)),
                                                               [](cpu_set_t* used) { CPU_FREE(used); });
    if (!set) break;
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(size));
    CPU_ZERO_S(bytes, set.get());
    if (::sched_getaffinity(0, bytes, set.get()) == 0) {
      return static_cast<std::size_t>(std::max(1, CPU_COUNT_S(bytes, set.get())));
    }
    if (errno != EINVAL) break;
  }
  return processors();
}

worker_bounds read_bounds() {
  const cgroup::limits limits = cgroup::read_limits();
  auto processes = processes_by_limit();
  if (limits.processes_available) processes = std::min(*limits.processes_available, processes.value_or(UINT64_MAX));
  return {.processors = processors(),
          .affinity = affinity(),
          .cpu_quota = limits.cpu_quota,
          .processes_available = processes};
}

worker_decision workers_because(std::size_t count, const std::string& reason) {
  return {count, fmt::format("{}: {}", count_of(count, "worker", "s"), reason)};
}

worker_decision decide_workers(const worker_bounds& all) {
  std::size_t count = std::max<std::size_t>(all.affinity, 1);
  std::string reason =
      fmt::format("the process may run on {} of {}", all.affinity, count_of(all.processors, "processor", "s"));
  if (!all.cpu_quota) {
    reason += "; no cgroup quota";
  } else {
    const double quota = std::max(1.0, std::ceil(*all.cpu_quota));
    if (quota < static_cast<double>(count)) count = static_cast<std::size_t>(quota);
    reason += fmt::format("; the cgroup quota is {:.4g} {}", *all.cpu_quota,
                          *all.cpu_quota == 1 ? "processor" : "processors");
  }
  if (all.processes_available && *all.processes_available < count) {
    count = std::max<std::size_t>(*all.processes_available, 1);
    reason +=
        fmt::format("; the process limit leaves room for {}", count_of(*all.processes_available, "process", "es"));
  }
  return workers_because(count, reason);
}

}  // namespace tequio::detail
