// SPDX-License-Identifier: MIT
// A descriptor that wakes every thread that polls it.
#pragma once

#include "tequio/descriptor.hpp"

namespace tequio::detail {

/// An eventfd for waking poll().
[[nodiscard]] descriptor make_bell();
/// Makes the bell readable; it stays so.
void ring(const descriptor& bell) noexcept;

}  // namespace tequio::detail
