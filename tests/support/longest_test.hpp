// SPDX-License-Identifier: MIT
// How long a test may take before it counts as hanging, in seconds: far more than any takes on a machine with ten times
// as much to do. What a test starts ends a little before the test, and the test before CTest ends it
// (CMakePresets.json).
#pragma once

namespace tequio::test {

inline constexpr unsigned longest_test = 280;
inline constexpr unsigned longest_helper = 260;

}  // namespace tequio::test
