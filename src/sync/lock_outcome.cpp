// SPDX-License-Identifier: MIT
// Invariant: the kernel tells the next owner of a death while the lock was held. That owner notes it in `abandoned`
//            before it unlocks; if it dies before that, the kernel tells the owner after it. So the news is never lost.
#include "sync/lock_outcome.hpp"

#include <system_error>
#include <utility>

namespace tequio::detail {

void throw_owner_died(std::string lock) {
  throw owner_died({.object = std::move(lock),
                    .problem = "its owner died while it held it, and what it guards may be half changed",
                    .cure = "lock_or_recover() acquires it; check and mend what it guards, then unlock",
                    .code = std::make_error_code(std::errc::owner_dead)});
}

void throw_would_wait_for_itself(std::string lock, std::string cure) {
  throw error({.object = std::move(lock),
               .problem = "this thread holds it already and would wait for itself",
               .cure = std::move(cure),
               .code = std::make_error_code(std::errc::resource_deadlock_would_occur)});
}

void throw_not_held(std::string lock) {
  throw error({.object = std::move(lock),
               .problem = "unlocked by a thread that does not hold it",
               .cure = "only the thread that locked it may unlock it; a forked child holds nothing of its parent's",
               .code = std::make_error_code(std::errc::operation_not_permitted)});
}

void abandon(mutex_state& state, const char* kind) {
  state.abandoned = 1;
  state.lock.unlock();
  throw_owner_died(state.name.of(kind));
}

std::optional<lock_state> recover(mutex_state& state, lock_result result) noexcept {
  if (!is_acquired(result)) return std::nullopt;
  if (result == lock_result::acquired && state.abandoned == 0) return lock_state::acquired;
  state.abandoned = 0;
  return lock_state::acquired_from_dead_owner;
}

}  // namespace tequio::detail
