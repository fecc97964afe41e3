// SPDX-License-Identifier: MIT
// Descriptors and threads that a test left behind in this process: count before and after.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace tequio::test {

/// Descriptors this process has open.
[[nodiscard]] inline std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}) - 1;  // less the iterator's own
}

/// Threads of this process.
[[nodiscard]] inline std::ptrdiff_t running_threads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

}  // namespace tequio::test
