// SPDX-License-Identifier: MIT
// A descriptor that wakes whoever polls it.
#pragma once

#include "tequio/descriptor.hpp"

namespace tequio::detail {

/// An eventfd for waking poll().
[[nodiscard]] descriptor make_bell();
void ring(const descriptor& bell) noexcept;

}  // namespace tequio::detail
