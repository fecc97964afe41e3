// SPDX-License-Identifier: MIT
#include "tequio/detail/engines/work.hpp"

#include <unistd.h>

namespace tequio::detail {

failure current_failure(std::uint64_t item) {
  return {.kind = verdict::error, .item = item, .exceptions = describe_current_exception(), .pid = ::getpid()};
}

failure failure_without_reason(std::uint64_t item) {
  return {.kind = verdict::error,
          .item = item,
          .exceptions = {{"tequio::error", "the item failed, and no memory was left to keep why"}}};
}

void keep_current_exception(worker& self, std::uint64_t item) noexcept {
  try {
    self.keep({.kind = verdict::error,
               .item = item,
               .exceptions = describe_current_exception(),
               .pid = ::getpid(),
               .worker = self.index,
               .attempts = self.options.retries != 0 ? static_cast<unsigned>(self.slot.attempts.load()) : 1});
  } catch (...) {
    // no memory even for the text: the item's status tells that it failed
  }
}

}  // namespace tequio::detail
