// SPDX-License-Identifier: MIT
// A mutex whose state is a part of a larger object in shared memory, beside what it guards.
#pragma once

#include "tequio/mutex.hpp"

namespace tequio::detail {

struct inner_mutex {
  [[nodiscard]] static mutex attach(mutex_state& state) noexcept { return mutex(attached<mutex_state>{&state}); }
};

}  // namespace tequio::detail
