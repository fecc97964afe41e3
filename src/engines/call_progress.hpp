// SPDX-License-Identifier: MIT
// The progress of a running call, read from its control block and slots.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>

#include "tequio/detail/engines/call_control.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

inline constexpr std::chrono::milliseconds progress_interval{100};

/// Tells when the next report is due.
class progress_clock {
 public:
  explicit progress_clock(const map_options& options) : m_wanted(static_cast<bool>(options.progress)) {}

  [[nodiscard]] bool due() {
    if (!m_wanted) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now < m_next) return false;
    m_next = now + progress_interval;
    return true;
  }

 private:
  bool m_wanted;
  std::chrono::steady_clock::time_point m_next = std::chrono::steady_clock::now() + progress_interval;
};

/// Calls options.progress. `returned`: claimed items that wait for a new worker.
inline void report(const map_options& options, const call_control& call, std::span<const worker_slot> slots,
                   std::uint64_t returned, std::int64_t started_ns) {
  if (!options.progress) return;
  std::uint64_t open = returned;
  for (const worker_slot& slot : slots) open += slot.in_hand().size();
  const std::uint64_t claimed = std::min(call.cursor.load(), call.count);
  options.progress({.done = claimed - std::min(open, claimed),
                    .total = call.count,
                    .elapsed = std::chrono::nanoseconds(monotonic_ns() - started_ns)});
}

}  // namespace tequio::detail
