// SPDX-License-Identifier: MIT
#include "workers.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "cgroup.hpp"
#include "small_file.hpp"
#include "tequio/cpu.hpp"
#include "tequio/error.hpp"

namespace tequio {
namespace {

// plain values, no locks: they must work in a child forked while another thread was here
std::atomic<std::size_t> process_budget{0};
thread_local std::size_t thread_budget = 0;
std::atomic<std::size_t> first_answer{0};

std::string count_of(std::uint64_t count, std::string_view noun, std::string_view plural_ending) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : plural_ending);
}

workers::decision because(std::size_t count, const std::string& reason) {
  return {count, fmt::format("{}: {}", count_of(count, "worker", "s"), reason)};
}

std::optional<std::size_t> from_environment() {
  const char* text = ::secure_getenv("TEQUIO_WORKERS");
  if (text == nullptr || *text == '\0') return std::nullopt;
  const auto count = small_file::parse<std::size_t>(text);
  if (!count || *count < 1 || *count > workers::most) {
    throw error({.object = "TEQUIO_WORKERS",
                 .problem = fmt::format("\"{}\" is not a number of workers", text),
                 .cure = fmt::format("set it to a whole number from 1 to {}, or unset it", workers::most)});
  }
  return count;
}

/// Processes that RLIMIT_NPROC lets this one start; what others of the same user run is not counted.
std::optional<std::uint64_t> processes_by_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur - std::min<rlim_t>(limit.rlim_cur, 1);
}

workers::bounds read_bounds() {
  const cgroup::limits limits = cgroup::read_limits();
  auto processes = processes_by_limit();
  if (limits.processes_available) processes = std::min(*limits.processes_available, processes.value_or(UINT64_MAX));
  return {.processors = workers::processors(),
          .affinity = workers::affinity(),
          .cpu_quota = limits.cpu_quota,
          .processes_available = processes};
}

}  // namespace

std::size_t workers::processors() { return static_cast<std::size_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN))); }

std::size_t workers::affinity() {
  constexpr int most_processors = 1 << 22;
  // the kernel refuses a set smaller than its own, whose size it does not tell
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

std::size_t workers::chosen(std::size_t wanted) {
  if (wanted > most)
    throw error({.object = fmt::format("{} workers", wanted),
                 .problem = fmt::format("an engine has {} at most", most),
                 .cure = "ask for fewer, or for 0: one for each processor"});
  return wanted == 0 ? default_workers() : wanted;
}

workers::decision workers::decide(const bounds& all) {
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
  return because(count, reason);
}

workers::decision workers::decide_here() {
  if (thread_budget != 0) return because(thread_budget, "the share of this worker thread");
  if (const auto budget = process_budget.load(std::memory_order_relaxed)) {
    return because(budget, "the share of this worker process");
  }
  if (const auto chosen = from_environment()) return because(*chosen, "TEQUIO_WORKERS says so");
  return decide(read_bounds());
}

std::size_t default_workers() {
  if (thread_budget != 0) return thread_budget;
  if (const auto budget = process_budget.load(std::memory_order_relaxed)) return budget;
  if (const auto known = first_answer.load(std::memory_order_relaxed)) return known;
  std::size_t expected = 0;
  const std::size_t decided = workers::decide_here().workers;
  return first_answer.compare_exchange_strong(expected, decided) ? decided : expected;
}

void detail::set_core_budget(std::size_t cores) noexcept {
  thread_budget = 0;  // a worker forked by a thread of the threads engine has its own share
  process_budget.store(std::max<std::size_t>(cores, 1), std::memory_order_relaxed);
}

void detail::set_thread_core_budget(std::size_t cores) noexcept { thread_budget = cores; }

}  // namespace tequio
