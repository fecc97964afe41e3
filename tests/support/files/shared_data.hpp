// SPDX-License-Identifier: MIT
// The folder of shared test data, where this machine has it: `../shared/data` beside the checkout.
#pragma once

#include <filesystem>

namespace tequio::test {

/// The folder of shared test data, or an empty path; TEQUIO_SHARED_DATA overrides it.
[[nodiscard]] std::filesystem::path shared_data();

}  // namespace tequio::test

/// Skips a test, with the reason, where the shared test data is not present.
#define TEQUIO_NEEDS_SHARED_DATA() \
  if (tequio::test::shared_data().empty()) GTEST_SKIP() << "no ../shared/data beside the checkout"
