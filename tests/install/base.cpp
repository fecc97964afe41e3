// SPDX-License-Identifier: MIT
// A user of tequio::base alone.
#include "tequio/chunk.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/error.hpp"
#include "tequio/version.hpp"

#include <array>
#include <cstdio>

int main() {
  std::puts(tequio::version());
  const std::array numbers{1, 2, 3, 4};
  try {
    static_cast<void>(tequio::chunk(numbers, 2, 2));  // there are parts 0 and 1
  } catch (const tequio::error& error) {
    std::puts(error.what());
    return 0;
  }
  return 1;
}
