// SPDX-License-Identifier: MIT
// Turns a robust_lock's result into the user's: owner_died, errors. `lock` is the name shown, such as "mutex
// 'counter'".
#pragma once

#include <optional>
#include <string>

#include "tequio/detail/sync/mutex_state.hpp"

namespace tequio::detail {

[[noreturn]] void throw_owner_died(std::string lock);
/// @param cure what to do where the owner locks again.
[[noreturn]] void throw_would_wait_for_itself(std::string lock, std::string cure);
[[noreturn]] void throw_not_held(std::string lock);

[[nodiscard]] inline bool is_acquired(lock_result result) noexcept {
  return result == lock_result::acquired || result == lock_result::owner_died;
}

/// Notes that the owner died, unlocks, and throws owner_died.
[[noreturn, gnu::cold]] void abandon(mutex_state& state, const char* kind);

/// After an attempt to lock: true where the lock is held and the guarded data is whole, false where it is not held.
///
/// Errors:  owner_died where its owner died and the data is not recovered; then it is not held.
[[nodiscard]] inline bool is_held_and_whole(mutex_state& state, lock_result result, const char* kind) {
  if (result == lock_result::acquired && state.abandoned == 0) return true;
  if (is_acquired(result)) abandon(state, kind);
  return false;
}

/// As is_held_and_whole(), for a caller that recovers the data; nothing where the lock is not held.
[[nodiscard]] std::optional<lock_state> recover(mutex_state& state, lock_result result) noexcept;

}  // namespace tequio::detail
