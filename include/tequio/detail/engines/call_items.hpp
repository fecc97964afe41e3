// SPDX-License-Identifier: MIT
// The status and the failures of one call's items, for every kind of memory they are kept in.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <span>

#include "tequio/detail/engines/call_control.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

/// Failures by item.
using failure_map = std::map<std::uint64_t, failure>;

/// Status and failures of the items of one call: local_items or shared_items.
class call_items {
 public:
  [[nodiscard]] std::span<std::atomic<item_status>> status() noexcept { return m_status; }
  [[nodiscard]] failure_map& failures() noexcept { return m_failures; }

 protected:
  call_items() = default;
  call_items(call_items&&) = default;
  call_items& operator=(call_items&&) = default;
  ~call_items() = default;

  std::span<std::atomic<item_status>> m_status{};
  failure_map m_failures{};
};

}  // namespace tequio::detail
