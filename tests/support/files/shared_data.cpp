// SPDX-License-Identifier: MIT
#include "support/files/shared_data.hpp"

#include <cstdlib>

std::filesystem::path tequio::test::shared_data() {
  const char* named = std::getenv("TEQUIO_SHARED_DATA");
  const std::filesystem::path folder = named ? named : std::filesystem::path(TEQUIO_SOURCE_DIR) / "../shared/data";
  return std::filesystem::is_directory(folder) ? std::filesystem::canonical(folder) : std::filesystem::path();
}
