// SPDX-License-Identifier: MIT
#include "tequio/detail/sync/watched_value.hpp"

namespace tequio::detail {

void watched_value::wake(std::uint64_t before, std::uint32_t wakes) const noexcept {
  if (wakes != 0 && sleepers_in(before) != 0) futex_wake(upper_half(m_both), wakes);
}

bool watched_value::replace(std::uint32_t& expected, std::uint32_t wanted, std::uint32_t wakes) noexcept {
  std::uint64_t seen = m_both.load(std::memory_order_acquire);
  while (value_in(seen) == expected) {
    const std::uint64_t changed = std::uint64_t{wanted} << value_shift | sleepers_in(seen);
    if (!m_both.compare_exchange_weak(seen, changed, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    wake(seen, wakes);
    return true;
  }
  expected = value_in(seen);
  return false;
}

void watched_value::increment(std::uint32_t wakes) noexcept {
  wake(m_both.fetch_add(std::uint64_t{1} << value_shift, std::memory_order_acq_rel), wakes);
}

bool watched_value::watch(std::uint32_t expected, deadline until) noexcept {
  static_cast<void>(enter());
  const bool in_time = sleep(expected, until);
  leave();
  return in_time;
}

}  // namespace tequio::detail
