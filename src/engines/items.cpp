// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/items.hpp"

#include "tequio/detail/engines/work.hpp"

namespace tequio::detail {

failure take_failure(failure_map& failures, std::uint64_t item, item_status status) {
  if (const auto found = failures.find(item); found != failures.end()) {
    found->second.item = item;
    return std::move(found->second);
  }
  if (status == item_status::pending) return {.kind = verdict::cancelled, .item = item};
  return failure_without_reason(item);
}

void require_all(std::span<std::atomic<item_status>> status, failure_map& failures) {
  std::vector<failure> missing;
  for (std::size_t item = 0; item < status.size(); ++item) {
    const item_status ended = status[item].load(std::memory_order_acquire);
    if (ended != item_status::value) missing.push_back(take_failure(failures, item, ended));
  }
  if (!missing.empty()) throw task_error(std::move(missing));
}

}  // namespace tequio::detail
