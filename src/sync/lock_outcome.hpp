// SPDX-License-Identifier: MIT
// What mutex, recursive_mutex and shared_mutex make of a robust_lock's results: one way to be abandoned, one voice for
// errors. A `lock` in words is the lock as its user knows it, "mutex 'counter'".
#pragma once

#include <optional>
#include <string>

#include "tequio/detail/sync/mutex_state.hpp"

namespace tequio::detail {

[[noreturn]] void throw_owner_died(std::string lock);
/// @param cure what a user whose owner locks again is to do.
[[noreturn]] void throw_would_wait_for_itself(std::string lock, std::string cure);
[[noreturn]] void throw_not_held(std::string lock);

[[nodiscard]] inline bool is_acquired(lock_result result) noexcept {
  return result == lock_result::acquired || result == lock_result::owner_died;
}

/// Notes that the owner died, lets go of the lock and throws owner_died.
[[noreturn, gnu::cold]] void abandon(mutex_state& state, const char* kind);

/// Of a lock that was taken or not: true where it is held and what it guards is whole, false where it is not held.
///
/// Errors:  owner_died where its owner died and nobody has recovered it; then it is not held.
[[nodiscard]] inline bool is_held_and_whole(mutex_state& state, lock_result result, const char* kind) {
  if (result == lock_result::acquired && state.abandoned == 0) return true;
  if (is_acquired(result)) abandon(state, kind);
  return false;
}

/// As is_held_and_whole(), for who recovers it; nothing where it is not held.
[[nodiscard]] std::optional<lock_state> recover(mutex_state& state, lock_result result) noexcept;

}  // namespace tequio::detail
