// SPDX-License-Identifier: MIT
// Which tequio this is: what `tequio --version` prints.
#pragma once

namespace tequio::jobs {
/// tequio's version, "major.minor.patch".
[[nodiscard]] const char* version() noexcept;
}  // namespace tequio::jobs
