// SPDX-License-Identifier: MIT
#include "tequio/worker_count.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>

#include "engines/worker_bounds.hpp"
#include "system/small_file.hpp"
#include "tequio/error.hpp"

namespace tequio {
namespace {

// plain values, no locks: they must work in a child forked while another thread was here
std::atomic<std::size_t> process_budget{0};
thread_local std::size_t thread_budget = 0;
std::atomic<std::size_t> first_answer{0};

std::optional<std::size_t> from_environment() {
  const char* text = ::secure_getenv("TEQUIO_WORKERS");
  if (text == nullptr || *text == '\0') return std::nullopt;
  const auto count = small_file::parse<std::size_t>(text);
  if (!count || *count < 1 || *count > most_workers) {
    throw error({.object = "TEQUIO_WORKERS",
                 .problem = fmt::format("\"{}\" is not a number of workers", text),
                 .cure = fmt::format("set it to a whole number from 1 to {}, or unset it", most_workers)});
  }
  return count;
}

}  // namespace

std::size_t detail::chosen_workers(std::size_t wanted) {
  if (wanted > most_workers)
    throw error({.object = fmt::format("{} workers", wanted),
                 .problem = fmt::format("an engine has {} at most", most_workers),
                 .cure = "ask for fewer, or for 0: one for each processor"});
  return wanted == 0 ? default_workers() : wanted;
}

detail::worker_decision detail::decide_workers() {
  if (thread_budget != 0) return workers_because(thread_budget, "the share of this worker thread");
  if (const auto budget = process_budget.load(std::memory_order_relaxed)) {
    return workers_because(budget, "the share of this worker process");
  }
  if (const auto chosen = from_environment()) return workers_because(*chosen, "TEQUIO_WORKERS says so");
  return decide_workers(read_bounds());
}

std::size_t default_workers() {
  if (thread_budget != 0) return thread_budget;
  if (const auto budget = process_budget.load(std::memory_order_relaxed)) return budget;
  if (const auto known = first_answer.load(std::memory_order_relaxed)) return known;
  std::size_t expected = 0;
  const std::size_t decided = detail::decide_workers().workers;
  return first_answer.compare_exchange_strong(expected, decided) ? decided : expected;
}

void detail::set_core_budget(std::size_t cores) noexcept {
  thread_budget = 0;  // a worker forked by a thread of the threads engine has its own share
  process_budget.store(std::max<std::size_t>(cores, 1), std::memory_order_relaxed);
}

void detail::set_thread_core_budget(std::size_t cores) noexcept { thread_budget = cores; }

}  // namespace tequio
