// SPDX-License-Identifier: MIT
#pragma once

namespace tequio::jobs {
/// tequio's version, "major.minor.patch".
[[nodiscard]] const char* version() noexcept;
}  // namespace tequio::jobs
