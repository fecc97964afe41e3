// SPDX-License-Identifier: MIT
// The version of tequio that a program runs with: what `tequio --version` prints.
#pragma once

#include "tequio/detail/base/requirements.hpp"

namespace tequio {
/// tequio's version, "major.minor.patch".
[[nodiscard]] const char* version() noexcept;
}  // namespace tequio
