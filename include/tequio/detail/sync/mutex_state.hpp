// SPDX-License-Identifier: MIT
// The state of a mutex in shared memory, and how every lock reports the death of its owner.
#pragma once

#include <cstdint>
#include <string_view>

#include "tequio/detail/base/object_name.hpp"
#include "tequio/detail/sync/robust_lock.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// The owner of a lock ended while it held it, so the data it guards may be half changed. The catcher of this error
/// does not hold the lock; every later lock() throws it as well, until lock_or_recover().
class owner_died : public error {
 public:
  using error::error;
};

/// What lock_or_recover() acquired.
enum class lock_state : std::uint8_t {
  acquired,
  acquired_from_dead_owner,  ///< check and mend what the lock guards before it is unlocked
};

namespace detail {

struct mutex_state {
  explicit mutex_state(std::string_view given) noexcept : name(given) {}

  robust_lock lock{};
  std::uint32_t abandoned = 0;  // 1: by a dead owner, and not recovered yet; only the lock's owner changes it
  object_name name;
};

}  // namespace detail
}  // namespace tequio
