// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/local_store.hpp"

namespace tequio::detail {

void local_worker::keep(failure reason) noexcept {
  try {
    const std::scoped_lock lock(m_guard);
    m_failures.insert_or_assign(reason.item, std::move(reason));
  } catch (...) {
    // out of memory: the item's status tells that it failed
  }
}

}  // namespace tequio::detail
