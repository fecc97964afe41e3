// SPDX-License-Identifier: MIT
// What a mutex keeps in shared memory, and what every lock tells when an owner died.
#pragma once

#include <cstdint>
#include <string_view>

#include "tequio/detail/base/object_name.hpp"
#include "tequio/detail/sync/robust_lock.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// A lock's owner ended while it held it, so what it guards may be half changed. The lock is not held by who catches
/// this; every later lock() throws it too, until lock_or_recover().
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
  std::uint32_t abandoned = 0;  // by a dead owner, and nobody has recovered it; changed by the lock's owner only
  object_name name;
};

}  // namespace detail
}  // namespace tequio
