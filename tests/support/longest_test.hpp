// SPDX-License-Identifier: MIT
// The seconds after which a test counts as hanging: far more than any takes on a machine with ten times as much to do.
// The processes of a test are ended a little before the test, and the test before CTest ends it (CMakePresets.json).
#pragma once

namespace tequio::test {

inline constexpr unsigned longest_test = 280;
inline constexpr unsigned longest_helper = 260;

}  // namespace tequio::test
